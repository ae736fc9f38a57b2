package io.nightshift.job.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.nightshift.job.cluster.TestProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.jspecify.annotations.Nullable;

/**
 * A standalone Flink cluster on this machine: one JobManager and any number of TaskManagers, each a
 * process of its own, started as the scripts of Flink's distribution do, from the jars in {@code
 * target/lib}.
 */
final class FlinkProcessCluster implements AutoCloseable {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final String TASK_MANAGER =
      "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
  private static final String CLIENT = "org.apache.flink.client.cli.CliFrontend";

  /** Roles of processes, which share their classes. */
  private static final String MASTER_CLASSES = "jobmanager";

  private static final String WORKER_CLASSES = "taskmanager";
  private static final String CLIENT_CLASSES = "client";

  /** The jar that is submitted. */
  static final Path JAR = TARGET.resolve("nightshift.jar");

  private final Path folder;
  private final Map<String, String> settings;
  private final FlinkRest rest;
  private final JavaCommands commands;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, TestProcess> taskManagers = new LinkedHashMap<>();
  private final List<String> jobManagerMain;
  private @Nullable TestProcess jobManager;
  private int started;

  private FlinkProcessCluster(Path folder, Map<String, String> settings, List<String> main)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.settings = new TreeMap<>(defaults());
    // Not the machine's: a TaskManager begins by hashing the jars that killed ones of its name have
    // left there.
    this.settings.put("io.tmp.dirs", Files.createDirectories(folder.resolve("tmp")).toString());
    this.settings.putAll(settings);
    this.jobManagerMain = main;
    this.commands = new JavaCommands(TARGET.resolve("lib"), folder.resolve("log4j2.properties"));
    this.rest = new FlinkRest(Integer.parseInt(this.settings.get("rest.port")));
    environment.put("FLINK_CONF_DIR", folder.toString());
    environment.put("FLINK_PLUGINS_DIR", folder.resolve("plugins").toString());
  }

  /**
   * A session cluster; nothing runs yet.
   *
   * @param folder for configuration, logs and plugins
   * @param settings of Flink's {@code config.yaml}, over defaults for a small machine
   */
  static FlinkProcessCluster session(Path folder, Map<String, String> settings) throws IOException {
    return new FlinkProcessCluster(
        folder,
        settings,
        List.of(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "--configDir",
            folder.toString(),
            "--executionMode",
            "cluster"));
  }

  /**
   * A cluster for one run of a program, whose main method the JobManager calls.
   *
   * @param jars are laid into {@code usrlib}
   * @param mainClass of the program
   * @param arguments of the program
   */
  static FlinkProcessCluster application(
      Path folder,
      Map<String, String> settings,
      List<Path> jars,
      String mainClass,
      String... arguments)
      throws IOException {
    List<String> main = new ArrayList<>();
    main.add("org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint");
    main.addAll(List.of("--configDir", folder.toString(), "--job-classname", mainClass));
    main.addAll(List.of(arguments));
    FlinkProcessCluster cluster = new FlinkProcessCluster(folder, settings, main);
    Path userLibraries = Files.createDirectories(folder.resolve("usrlib"));
    for (Path jar : jars) {
      Files.createSymbolicLink(userLibraries.resolve(jar.getFileName()), jar);
    }
    return cluster.withJars(TARGET.resolve("cluster/application/*"));
  }

  private static Map<String, String> defaults() throws IOException {
    Map<String, String> defaults = new HashMap<>();
    defaults.put("rest.address", "localhost");
    defaults.put("rest.port", String.valueOf(FreePort.find()));
    defaults.put("jobmanager.rpc.address", "localhost");
    defaults.put("jobmanager.rpc.port", String.valueOf(FreePort.find()));
    defaults.put("jobmanager.memory.process.size", "1g");
    defaults.put("taskmanager.host", "localhost");
    defaults.put("taskmanager.memory.process.size", "1800m");
    defaults.put("taskmanager.memory.task.off-heap.size", "700m");
    defaults.put("taskmanager.memory.managed.size", "64m");
    defaults.put("taskmanager.memory.network.max", "64m");
    defaults.put("taskmanager.numberOfTaskSlots", "1");
    defaults.put("parallelism.default", "2");
    // A killed process is missed after two heartbeats.
    defaults.put("heartbeat.interval", "500 ms");
    defaults.put("heartbeat.timeout", "20 s");
    return defaults;
  }

  /** Puts jars on the class path of all processes, as the {@code lib} folder does. */
  FlinkProcessCluster withJars(Path... jars) {
    commands.add(jars);
    return this;
  }

  /** Sets an environment variable of all processes. */
  FlinkProcessCluster withEnvironment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * Installs a plugin of Flink.
   *
   * @param name of the plugin's folder in {@code target/cluster/plugins}
   */
  FlinkProcessCluster withPlugin(String name) throws IOException {
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    Files.createSymbolicLink(
        plugins.resolve(name), TARGET.resolve("cluster/plugins").resolve(name));
    return this;
  }

  /** Starts the JobManager and waits until it answers. */
  FlinkProcessCluster startJobManager() throws IOException, InterruptedException {
    launchJobManager()
        .await("the JobManager's REST endpoint", () -> rest.tryGet("/overview").isPresent());
    return this;
  }

  /** Starts the JobManager and does not wait for it. */
  TestProcess launchJobManager() throws IOException {
    writeConfiguration();
    List<String> command = commands.start(MASTER_CLASSES, jobManagerMain.get(0), "-Xmx400m");
    command.addAll(jobManagerMain.subList(1, jobManagerMain.size()));
    TestProcess process = start("jobmanager-" + ++started, command);
    jobManager = process;
    return process;
  }

  /** Starts TaskManagers and waits until all that live are registered. */
  FlinkProcessCluster startTaskManagers(int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      launchTaskManager();
    }
    return awaitTaskManagers();
  }

  private int registered() {
    return rest.tryGet("/overview").map(node -> node.path("taskmanagers").asInt()).orElse(0);
  }

  /** Starts a TaskManager and does not wait for it. */
  void launchTaskManager() throws IOException {
    launchTaskManager(List.of(), List.of(), Map.of());
  }

  /**
   * Starts a TaskManager and does not wait for it.
   *
   * @param wrapper command that is given the TaskManager's command as its last arguments
   * @param jvmOptions more options of its JVM
   * @param own settings of its own, over those of the cluster
   */
  TestProcess launchTaskManager(
      List<String> wrapper, List<String> jvmOptions, Map<String, String> own) throws IOException {
    String name = own.getOrDefault("taskmanager.resource-id", "taskmanager-" + ++started);
    TaskExecutorProcessSpec memory =
        TaskExecutorProcessUtils.processSpecFromConfig(Configuration.fromMap(settings));
    List<String> command = commands.start(WORKER_CLASSES, TASK_MANAGER);
    command.addAll(
        1, List.of(ProcessMemoryUtils.generateJvmParametersStr(memory).strip().split("\\s+")));
    command.addAll(List.of("--configDir", folder.toString()));
    command.addAll(
        List.of(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory).strip().split("\\s+")));
    command.addAll(List.of("-D", "taskmanager.resource-id=" + name));
    own.forEach((key, value) -> command.addAll(List.of("-D", key + "=" + value)));
    command.addAll(1, jvmOptions);
    command.addAll(0, wrapper);
    TestProcess process = start(name, command);
    taskManagers.put(name, process);
    return process;
  }

  /** Waits until all TaskManagers that were started and not killed are registered. */
  FlinkProcessCluster awaitTaskManagers() throws IOException, InterruptedException {
    jobManager().await("registered TaskManagers", () -> registered() == taskManagers.size());
    return this;
  }

  /** Kills a TaskManager that has no free slot, and so runs tasks. */
  void killBusyTaskManager() throws InterruptedException {
    String name = busyTaskManager();
    Objects.requireNonNull(taskManagers.remove(name)).kill();
  }

  /** Waits until a TaskManager has ended by itself. */
  void awaitEndOfTaskManager() throws IOException, InterruptedException {
    jobManager()
        .await(
            "the end of a TaskManager",
            () -> taskManagers.values().removeIf(taskManager -> !taskManager.isAlive()));
  }

  /** The name of a TaskManager that has no free slot, and so runs tasks. */
  String busyTaskManager() {
    return findBusyTaskManager()
        .orElseThrow(() -> new IllegalStateException("no TaskManager is busy"));
  }

  /** The name of a TaskManager that has no free slot, if there is one. */
  Optional<String> findBusyTaskManager() {
    return registeredTaskManagers()
        .filter(registered -> registered.path("freeSlots").asInt() == 0)
        .map(registered -> registered.path("id").asText())
        .filter(taskManagers::containsKey)
        .findFirst();
  }

  /** Whether the JobManager knows a TaskManager and hears from it. */
  boolean isRegistered(String taskManager) {
    return registeredTaskManagers()
        .anyMatch(registered -> registered.path("id").asText().equals(taskManager));
  }

  private Stream<JsonNode> registeredTaskManagers() {
    return StreamSupport.stream(
        rest.tryGet("/taskmanagers")
            .orElse(MissingNode.getInstance())
            .path("taskmanagers")
            .spliterator(),
        false);
  }

  /** What the TaskManagers have logged of how long their engines had nothing to do. */
  List<String> idleTimes() throws IOException {
    List<String> lines = new ArrayList<>();
    for (TestProcess taskManager : taskManagers.values()) {
      taskManager
          .out()
          .lines()
          .filter(line -> line.contains("The engine was given rows"))
          .forEach(lines::add);
    }
    return lines;
  }

  /** The process of a TaskManager. */
  TestProcess taskManager(String name) {
    return Objects.requireNonNull(taskManagers.get(name), name);
  }

  /** The processes of all TaskManagers that have not been killed. */
  List<TestProcess> taskManagers() {
    return List.copyOf(taskManagers.values());
  }

  /** Kills the JobManager. */
  void killJobManager() throws InterruptedException {
    jobManager().kill();
  }

  TestProcess jobManager() {
    if (jobManager == null) {
      throw new IllegalStateException("the JobManager has not been started");
    }
    return jobManager;
  }

  /** What {@code flink run nightshift.jar ARGUMENTS} does. */
  Ended run(String... arguments) throws IOException, InterruptedException {
    return submit(List.of(), arguments).ended();
  }

  /** What {@code flink run OPTIONS nightshift.jar ARGUMENTS} does. */
  TestProcess submit(List<String> options, String... arguments) throws IOException {
    return submit(JAR, options, arguments);
  }

  /**
   * What {@code flink run OPTIONS JAR ARGUMENTS} does.
   *
   * @return the client, while it runs
   */
  TestProcess submit(Path jar, List<String> options, String... arguments) throws IOException {
    List<String> command = client("run");
    command.addAll(options);
    command.add(jar.toString());
    command.addAll(List.of(arguments));
    return start("client-" + ++started, command);
  }

  /** What {@code flink ACTION ARGUMENTS} does. */
  Ended flink(String action, String... arguments) throws IOException, InterruptedException {
    List<String> command = client(action);
    command.addAll(List.of(arguments));
    return start("client-" + ++started, command).ended();
  }

  /**
   * Starts another program on the class path of all processes.
   *
   * @param program its main class
   */
  TestProcess launch(String program, List<String> arguments) throws IOException {
    List<String> command = commands.start(CLIENT_CLASSES, program, "-Xmx600m");
    command.addAll(arguments);
    return start(program.substring(program.lastIndexOf('.') + 1) + "-" + ++started, command);
  }

  private List<String> client(String action) throws IOException {
    List<String> command = commands.start(CLIENT_CLASSES, CLIENT, "-Xmx600m");
    command.add(action);
    return command;
  }

  /** What the JobManager's REST endpoint answers. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return rest.get(path);
  }

  /**
   * What the JobManager's REST endpoint answers; empty while it does not, since it is only just
   * starting or does not know the thing yet.
   */
  Optional<JsonNode> tryGet(String path) {
    return rest.tryGet(path);
  }

  /** The running job whose name begins so. */
  Optional<String> findRunningJob(String name) {
    return StreamSupport.stream(
            rest.tryGet("/jobs/overview")
                .orElse(MissingNode.getInstance())
                .path("jobs")
                .spliterator(),
            false)
        .filter(job -> job.path("name").asText().startsWith(name))
        .filter(job -> job.path("state").asText().equals("RUNNING"))
        .map(job -> job.path("jid").asText())
        .findFirst();
  }

  private TestProcess start(String name, List<String> command) throws IOException {
    return TestProcess.start(folder, name, command, environment);
  }

  private void writeConfiguration() throws IOException {
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + ": \"" + value + "\""));
    Files.write(folder.resolve("config.yaml"), lines);
    Files.writeString(
        folder.resolve("log4j2.properties"),
        """
        rootLogger.level = info
        rootLogger.appenderRef.console.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.target = SYSTEM_OUT
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1} %m%n
        """);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (TestProcess taskManager : taskManagers.values()) {
      end(taskManager, WORKER_CLASSES);
    }
    if (jobManager != null) {
      end(jobManager, MASTER_CLASSES);
    }
  }

  /** Kills a process, unless its classes are wanted. */
  private void end(TestProcess process, String role) throws IOException, InterruptedException {
    if (commands.writesClasses(role)) {
      process.terminate();
    }
    process.close();
  }
}
