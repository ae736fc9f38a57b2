"""TODO"""


def permuted(weight, heads):
    """Interleaves the two halves of each head's rows, as llama.cpp's converter does for architecture llama."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def rope_frequency_factors(config):
    """The converter's formula for Llama 3's scaling."""
    rope = config.rope_parameters
    factor, low, high = rope["factor"], rope["low_freq_factor"], rope["high_freq_factor"]
    context = rope["original_max_position_embeddings"]
    exponents = torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim
    for frequency in (1.0 / rope["rope_theta"] ** exponents).tolist():
        wave_length = 2 * math.pi / frequency
        if wave_length < context / high:
            yield 1.0
        elif wave_length > context / low:
            yield factor
        else:
            smooth = (context / wave_length - low) / (high - low)
            yield 1 / ((1 - smooth) / factor + smooth)


def write_gguf(folder):
    config = transformers.AutoConfig.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    architecture = config.model_type
    head_size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer = gguf.GGUFWriter(folder.with_suffix(".gguf"), architecture)
    writer.add_name(folder.name)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_key_length(head_size)
    writer.add_value_length(head_size)
    if architecture == "llama":
        writer.add_vocab_size(config.vocab_size)
        writer.add_rope_dimension_count(head_size)
    if config.rope_parameters["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(config.rope_parameters["factor"])
    if config.rope_parameters["rope_type"] == "llama3":
        factors = numpy.array(list(rope_frequency_factors(config)), dtype=numpy.float32)
        writer.add_tensor("rope_freqs.weight", factors)
    add_tokenizer(writer)
    add_weights(writer, model, config, architecture)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tokenizer(writer):
    content = json.loads(tokenizer().backend_tokenizer.to_str())["model"]
    tokens = sorted(content["vocab"], key=content["vocab"].get)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([control if token in (BEGIN, END, UNKNOWN) else normal for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in content["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(2)
    writer.add_pad_token_id(1)
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def add_weights(writer, model, config, architecture):
    names = gguf.get_tensor_name_map(
        {value: key for key, value in gguf.MODEL_ARCH_NAMES.items()}[architecture], config.num_hidden_layers
    )
    stored_type = {
        torch.float32: gguf.GGMLQuantizationType.F32,
        torch.float16: gguf.GGMLQuantizationType.F16,
        torch.bfloat16: gguf.GGMLQuantizationType.BF16,
    }[model.dtype]
    for name, parameter in model.named_parameters():
        weight = parameter.detach().float().numpy()
        if architecture == "llama" and "q_proj" in name:
            weight = permuted(weight, config.num_attention_heads)
        if architecture == "llama" and "k_proj" in name:
            weight = permuted(weight, config.num_key_value_heads)
        kind = stored_type if weight.ndim == 2 else gguf.GGMLQuantizationType.F32
        stored_name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        writer.add_tensor(stored_name, gguf.quantize(weight, kind), raw_dtype=kind)


