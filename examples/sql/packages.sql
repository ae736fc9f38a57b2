-- A language model in Flink SQL: sorts Debian packages into sections, and describes them in typed columns.
-- `examples/sql/run` runs this file as it stands, in one process on the CPU; docs/sql.md explains it and says what a
-- cluster needs.

SET 'execution.runtime-mode' = 'batch';
SET 'sql-client.execution.result-mode' = 'tableau';
-- Rows that each subtask gives its engine at a time; 10, Flink's default, would leave most of the engine idle.
SET 'table.exec.async-ml-predict.max-concurrent-operations' = '512';

-- Any table will do: files, Kafka, JDBC. These rows need no connector.
CREATE TEMPORARY VIEW packages AS
SELECT * FROM (VALUES
  ('aisleriot', 'GNOME solitaire card game collection', 'games'),
  ('berusky2', 'logic game Bugs Escape 3D', 'games'),
  ('autodock-vina', 'docking of small molecules to proteins', 'science'),
  ('astropy-utils', 'Command line tools from astropy', 'science'),
  ('audacity', 'fast, cross-platform audio editor', 'sound'),
  ('bristol', 'vintage synthesizer emulator', 'sound'),
  ('converseen', 'batch image converter and resizer', 'graphics'),
  ('dia', 'Diagram editor', 'graphics'),
  ('biff', 'a mail notification tool', 'mail'),
  ('clamsmtp', 'virus-scanning SMTP proxy', 'mail'),
  ('fonts-aenigma', '465 free TrueType fonts by Brian Kent', 'fonts'),
  ('barman', 'Backup and Recovery Manager for PostgreSQL', 'database')
) AS p (package, description, section);

-- One of some choices, with its probability. The options are those of a job file, docs/options.md has all of them. Input
-- columns are the variables of the prompt; output columns are the answer, and parts of it by their names.
CREATE TEMPORARY MODEL sections
INPUT (package STRING, description STRING)
OUTPUT (answer STRING, answer_probability DOUBLE, error_code STRING)
WITH (
  'provider' = 'nightshift',
  'model.path' = 'hf:HuggingFaceTB/SmolLM2-135M-Instruct',
  'model.device' = 'cpu',
  'engine.kv-cache-memory' = '200m',
  'prompt.text' = 'Each software package belongs to one section: database, fonts, games, graphics, mail, science or sound.

postgresql: object-relational SQL server
database

fonts-dejavu: family of typefaces with wide coverage
fonts

chess: board game against the computer
games

inkscape: vector drawing program and image viewer
graphics

postfix: mail transport agent for SMTP and IMAP
mail

gromacs: molecular dynamics simulator with analysis
science

audacious: audio player for many formats
sound

{{ package }}: {{ description }}
',
  'answer.choices' = 'database;fonts;games;graphics;mail;science;sound'
);

SELECT package, section, answer, ROUND(answer_probability, 3) AS probability, error_code
FROM ML_PREDICT(TABLE packages, MODEL sections, DESCRIPTOR(package, description));

-- Several columns: the answer is JSON under the schema that their types and comments give, and comes out typed.
CREATE TEMPORARY MODEL descriptions
INPUT (package STRING, description STRING)
OUTPUT (
  kind STRING COMMENT 'one of: application, data, library, service',
  kind_probability DOUBLE,
  keywords ARRAY<VARCHAR(20) NOT NULL>,
  output_tokens INT,
  error_code STRING
)
WITH (
  'provider' = 'nightshift',
  'model.path' = 'hf:HuggingFaceTB/SmolLM2-135M-Instruct',
  'model.device' = 'cpu',
  'engine.kv-cache-memory' = '200m',
  'prompt.text' = 'Each software package is described as JSON.

postgresql: object-relational SQL server
{"kind":"service","keywords":["SQL","relational"]}

fonts-dejavu: family of typefaces with wide coverage
{"kind":"data","keywords":["typefaces"]}

libzip: library for reading and writing zip archives
{"kind":"library","keywords":["zip","archives"]}

chess: board game against the computer
{"kind":"application","keywords":["board game","chess"]}

{{ package }}: {{ description }}
',
  'answer.max-tokens' = '60',
  'answer.not-null' = 'keywords'
);

SELECT package, kind, ROUND(kind_probability, 3) AS probability, keywords, output_tokens
FROM ML_PREDICT(TABLE packages, MODEL descriptions, DESCRIPTOR(package, description))
WHERE error_code IS NULL;
