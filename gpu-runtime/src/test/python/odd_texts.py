"""A thousand odd texts, the same in every run: what rows of a data set may have in them."""

import random

import tokenizer_texts

COUNT = 1000

CONTROL_TOKENS = [
    "<bos>", "<eos>", "<pad>", "<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<s>", "</s>", "[INST]", "[/INST]", "<0x0A>", "<0xE2>",
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|vision_start|>", "<think>", "</think>", "<tool_call>", "<table>", "<h1>", "</td>",
    "<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|return|>", "<|call|>", "<|constrain|>", "<|startoftext|>", "<|endofprompt|>", "<|reserved_200000|>",
    "<|begin_of_text|>", "<|eot_id|>", "<|system|>", "<|user|>", "<|assistant|>", "<|im_sep|>", "<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>",
]
SCRIPTS = [
    (0x00A1, 0x024F), (0x0250, 0x02FF), (0x0370, 0x03FF), (0x0400, 0x052F), (0x0531, 0x058A), (0x05D0, 0x05EA), (0x0620, 0x06FF), (0x0710, 0x074A), (0x0780, 0x07B1),
    (0x0904, 0x0970), (0x0985, 0x09DF), (0x0A05, 0x0A74), (0x0B85, 0x0BD7), (0x0C05, 0x0C6F), (0x0D05, 0x0D6F), (0x0E01, 0x0E5B), (0x0E81, 0x0EDF), (0x0F00, 0x0FBC),
    (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137F), (0x13A0, 0x13F5), (0x1401, 0x167F), (0x1780, 0x17F9), (0x1820, 0x18AA), (0x1E00, 0x1FFE),
    (0x2070, 0x218B), (0x2190, 0x23FF), (0x2460, 0x27BF), (0x2900, 0x2BFF), (0x2C80, 0x2CFF), (0x2E80, 0x2FD5), (0x3041, 0x30FF), (0x3105, 0x318E), (0x3400, 0x9FFF),
    (0xA000, 0xA48C), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAD9), (0xFB00, 0xFB4F), (0xFE70, 0xFEFC), (0xFF01, 0xFFEE), (0x10330, 0x1034A), (0x12000, 0x12399),
    (0x13000, 0x1342E), (0x1D400, 0x1D7FF), (0x1F000, 0x1F0F5), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FC), (0x1F900, 0x1F9FF), (0x20000, 0x2A6DF), (0xE0020, 0xE007F),
]
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u00ad\ufeff\u034f\u061c\u115f\u180e\u202a\u202b\u202c\u202d\u202e\u2066\u2069\ufe0e\ufe0f"
COMBINING = "\u0300\u0301\u0302\u0303\u0308\u0323\u0327\u0331\u0338\u0342\u0345\u0591\u05b4\u064b\u0651\u093c\u094d\u0e31\u0e49\u1ab0\u20dd\u3099\u309a\ufe20"
WORDS = "the a data row Straße naïve été дом мир 世界 東京 서울 ไทย سلام שלום नमस्ते x1 don't I'll 'tis foo_bar HTTPServer 3rd e.g. -- … “quoted” (note) [x] {y} #tag @who 50% $3".split()
EMOJI = ["🙂", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇯🇵", "❤️", "☃️", "1️⃣", "🧑🏿‍🚀", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "😶‍🌫️", "🫠", "🪿"]


def words(draw, most):
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(1, most)))


def control(draw):
    """Control tokens of many models as a row has them: as text."""
    return "".join(draw.choice([draw.choice(CONTROL_TOKENS), words(draw, 2), draw.choice([" ", "\n", "", "<", ">", "|"])]) for _ in range(draw.randint(1, 6)))


def damaged(draw):
    """Lone surrogates, such as cut UTF-16 and undecodable bytes become."""
    text = "".join(draw.choice([words(draw, 2), draw.choice(EMOJI), "\ud83d", "\ude42", "\ud800", "\udfff", "\ufffd", "\udce2\udc96"]) for _ in range(draw.randint(1, 6)))
    cut = text.encode("utf-8", "surrogatepass")[: draw.randint(1, 40)]
    return text if draw.random() < 0.5 else cut.decode("utf-8", "surrogateescape")


def blanks(draw):
    runs = ((draw.choice(" \n\t\r\u00a0\u3000\u2003\u2028\x0b\x0c\x85") * draw.choice([1, 1, 2, 3, 4, 7, 15, 16, 17, 31, 32, 33, 64, 100])) for _ in range(draw.randint(1, 5)))
    return "".join(run + draw.choice(["", "", "a", "word", "1", ".", "▁"]) for run in runs)


def lines(draw):
    return draw.choice(["\r\n", "\r\n", "\n", "\r", "\n\r"]).join(words(draw, 5) + draw.choice(["", " ", "\t"]) for _ in range(draw.randint(2, 6)))


def numbers(draw):
    digits = draw.choice(["0123456789", "0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "²³¹½¼Ⅳⅻ①㊿", "𝟎𝟏𝟐𝟗"])
    parts = ("".join(draw.choice(digits) for _ in range(draw.choice([1, 2, 3, 4, 5, 9, 30]))) for _ in range(draw.randint(1, 4)))
    return draw.choice(["", " ", ".", ",", "-", "/", "e+", "x", " USD "]).join(parts)


def long_word(draw):
    alphabet = draw.choice(["abcdefghijklmnopqrstuvwxyz", "ACGT", "аеиоуклмн", "漢字仮名", "0123456789abcdef", "aAbB", "é", "_", "=-", "ที่น้ำ", "▁"])
    return "".join(draw.choice(alphabet) for _ in range(draw.choice([200, 400, 800, 1500])))


def invisible(draw):
    marks = draw.choice([INVISIBLE, COMBINING, INVISIBLE + COMBINING])
    return "".join(character + "".join(draw.choice(marks) for _ in range(draw.choice([0, 0, 1, 1, 2, 8]))) for character in words(draw, 4))


def scripts(draw):
    made = []
    for _ in range(draw.randint(1, 4)):
        first, last = draw.choice(SCRIPTS)
        made.append("".join(chr(draw.randint(first, last)) for _ in range(draw.randint(1, 12))))
    return draw.choice(["", " ", ", "]).join(made)


def emoji(draw):
    return "".join(draw.choice([draw.choice(EMOJI), draw.choice(EMOJI), words(draw, 1), " "]) for _ in range(draw.randint(1, 8)))


KINDS = [control, control, control, damaged, damaged, blanks, blanks, lines, numbers, numbers, invisible, invisible, scripts, scripts, scripts, emoji]


def texts():
    """Distinct texts: the written ones of tokenizer_texts, long words, and random texts of all kinds."""
    draw = random.Random(20261129)
    made = dict.fromkeys(tokenizer_texts.texts(400))
    for _ in range(20):
        made[long_word(draw)] = None
    for token in CONTROL_TOKENS:
        made[token] = None
    while len(made) < COUNT:
        made[draw.choice(KINDS)(draw)] = None
    return list(made)
