"""Texts that tokenizers are tested on, the same in every run."""

import random

WRITTEN = [
    "", " ", "  ", "\n", "\t", "a", "A", "0", "é", "漢", "🙂", "▁", "▁▁a", "Ġ", "\u00a0", "\ufeffx", "\u2028",
    "Hello", " Hello", "Hello ", " Hello world ", "Hello, world!", "hello\nworld", "hello\r\nworld\r\n",
    "The quick brown fox jumps over the lazy dog.", "THE QUICK BROWN FOX", "tHe qUiCk bRoWn",
    "I'm sure you're right; they've said we'll see, she'd know, it's Bob's. I'M SURE YOU'RE RIGHT, DON'T",
    "don’t ‘quote’ “me” — or… do", "a'b'c''d", "'s 'S 'ſ 'll 'LL", "x's\n'tis", "rock'n'roll",
    "1", "12", "123", "1234", "12345", "123456", "1234567", "3.14159", "1,000,000", "-42", "0x1F", "1e-9", "2024-11-05T12:34:56Z",
    "７８９", "١٢٣٤", "½ ¼ ²³ ⅷ", "٣٤abc12", "room101b2b", "v1.2.3-rc4", "+1 (555) 010-0199", "10%", "$9.99", "€5", "№7",
    "Der schnelle braune Fuchs springt über den faulen Hund. Straße, Äpfel, Öl.", "Größenwahn STRASSE ẞ",
    "Le cœur déçu mais l'âme plutôt naïve, Louÿs rêva de crapaüter en canoë au delà des îles.",
    "El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia; ¿y qué? ¡Añoraba a su querido cachorro!",
    "Pchnąć w tę łódź jeża lub ośm skrzyń fig.", "Příliš žluťoučký kůň úpěl ďábelské ódy.", "Árvíztűrő tükörfúrógép",
    "Съешь ещё этих мягких французских булок, да выпей же чаю.", "Їжак з'їв ґедзя.", "Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία.",
    "Pijamalı hasta yağız şoföre çabucak güvendi. İIıi", "צדיק ושפן גן עדן", "شوهد الرجل وهو يقرأ كتابًا في المكتبة.",
    "این یک متن فارسی است‌ با نیم‌فاصله", "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण", "বাংলা ভাষা", "தமிழ் மொழி", "తెలుగు", "ภาษาไทยไม่มีช่องว่าง",
    "ພາສາລາວ", "ភាសាខ្មែរ", "မြန်မာစာ", "ქართული ენა", "Հայերեն լեզու", "አማርኛ",
    "いろはにほへと ちりぬるを カタカナ ﾊﾝｶｸ", "我能吞下玻璃而不伤身体。", "繁體中文與標點，「引號」。", "다람쥐 헌 쳇바퀴에 타고파", "ㄱㄴㄷ",
    "Tiếng Việt có dấu: Trăm năm trong cõi người ta", "Ñandú ñoño", "smörgåsbord", "naïve café résumé", "e\u0301 vs \u00e9, A\u030a vs \u00c5, \ufb01 vs fi, \u212b",
    "q\u0307\u0323 q\u0323\u0307", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "𠮷野家", "𐍈𐌰𐌽",
    "😀😃😄", "👩‍👩‍👧‍👦 family", "👍🏽", "🏳️‍🌈", "🇩🇪🇫🇷", "text🙂text", " 🙂 ", "❤️", "☃", "→ ← ↑ ↓", "∀x∈ℝ: ⌈x⌉ = −⌊−x⌋", "α+β=γ", "½×¾", "™©®",
    "def f(x):\n    return x ** 2  # square\n", "if (a && b || !c) { return a[i++] -= b->c; }\n", "\tfor (int i = 0; i < n; ++i)\n\t\tsum += v[i];\n",
    "SELECT * FROM t WHERE a >= 10 AND b IS NOT NULL;", "<div class=\"x\">&nbsp;<br/></div>", "<p>a < b > c</p>", "{\"key\": [1, 2.5, null, true], \"k\\\"2\": \"v\\n\"}",
    "#include <vector>\nint main() { std::vector<int> v{1,2,3}; }", "print(f\"{x!r:>{width}}\")", "let x = y?.z ?? 0;", "a=b==c===d!=e!==f", "/* comment */ // another",
    "$ git commit -m 'fix: bug #123' && git push", "C:\\Users\\name\\file.txt", "/usr/local/bin/x-y_z.sh", "https://example.com/a/b?c=d&e=f#g", "user.name+tag@example.co.uk",
    "CamelCaseWordsTogether", "snake_case_words", "kebab-case-words", "SCREAMING_SNAKE", "mixedUPPERlower", "HTTPServer2XMLParser", "iPhone13ProMax",
    "# Title\n\n- item one\n- item two\n\n1. first\n2. second\n\n> quote\n\n```python\nx = 1\n```\n", "| a | b |\n|---|---|\n| 1 | 2 |\n", "**bold** _it_ `code` ~~no~~", "---\n...\n***",
    "!!!", "???!!!", "...", "....", "(((", "[[]]", "{}{}", "#@$%^&*", "a!b?c.d,e;f:g", "\"'`´", "«»„“”‚‘’", "、。「」", "～！＠＃", "¿¡", "·•◦", "†‡§¶",
    "  two leading", "trailing two  ", "a  b", "a   b", "a    b", "a     b", "a      b       c        d", " " * 16 + "x", " " * 33, "x" + " " * 64 + "y",
    "\n\n", "\n\n\n", "a\n\nb", "a\n\n\nb", "a \nb", "a\n b", "a \n b", "a\n  b\n\tc", "\n a", " \n", "\n ", "\n\n a \n\n", "\r", "\r\n\r\n", "a\rb", "\t\t", "\t \t", "a\tb", "a\t\tb", " \t a",
    "a\u00a0b", "a\u2003b", "a\u200bb", "a\u3000b", "\u2028\u2029", "a\u0085b", "\x0b\x0c", "a\x1cb",
    "\x00", "a\x00b", "\x01\x02\x03", "\x07\x08\x1b[0m", "\x7f", "\x80\x9f", "\ufffd", "a\ufffdb", "\ufffe\uffff", "\ufdd0 \ufdd1 \ufdef", "\ue000\uf8ff", "\U0010ffff\U000f0000", "\u200d\u200c\u200e\u202e",
    "a" * 100, "ab" * 300, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "x" * 1500, "0123456789" * 60, "lorem" * 200, "漢字" * 200, "🙂" * 100, "!" * 200, "\n" * 40, "\u0301" * 20,
    "pneumonoultramicroscopicsilicovolcanoconiosis", "ACGT" * 120, "=" * 80, "-" * 79 + "\n", "%20" * 50, "aAbB1!" * 40,
    "From: a@b.c\nTo: d@e.f\nSubject: Re: Fwd: hello\n\nHi,\n\nsee below.\n\n> On Mon, you wrote:\n> > stuff\n\n-- \nBob",
    "2.5.1 Section title ........ 17", "Q: What is 2+2?\nA: 4\n\nQ: And 3*3?\nA:", "Price:\t$3.50\tQty:\t2\n", "yes", "no", " yes", "Yes.", "positive", "negative\n",
    "user", "assistant", "system", "end", "start", "im_start", "|", "||", "<", ">", "<|", "|>", "</", "s>", "<s", "[INST", "INST]", "<0x0A>", "<0x41>a", "<unk", "<>", "< s >", "<|im", "_end|>", "<|eot", "<end_of", "[/", "<<SYS",
]

ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz     ", "ABCdef012 .,;:!?'\"()-\n\t", "aeiouáéíóúäöüñçßøå ", "абвгдежзиклмн ", "αβγδεζηθ ", "אבגדה ", "ابتثج ",
    "漢字仮名交文日本語中国 ", "가나다라마바사 ", "कखगघङािीु ", "กขคงจาีเ", "🙂😀👍🏽❤️\u200d🇩🇪 ", " \n\t\r\u00a0\u2003\u3000a.", "<>|/_[]{}sim=&;", "0123456789,.%$ ", "\u0301\u0308\u200b\u00ad\ufeffae ",
    "".join(map(chr, range(0, 160))), "".join(map(chr, range(0x2000, 0x2070))), "▁Ġ ab\n",
]


def texts(count=420):
    """Written texts, then random ones up to the count."""
    draw = random.Random(20261122)
    made = list(WRITTEN)
    while len(made) < count:
        parts = []
        for _ in range(draw.randint(1, 4)):
            alphabet = draw.choice(ALPHABETS)
            parts.append("".join(draw.choice(alphabet) for _ in range(draw.randint(1, 16))))
        made.append("".join(parts))
    return made


def corpus():
    """What the tiny tokenizers are trained on: enough of everything that pieces of all kinds appear."""
    draw = random.Random(7)
    lines = [text for text in WRITTEN if text.strip() and len(text) < 400]
    words = " ".join(lines).split()
    for _ in range(1500):
        line = []
        for _ in range(draw.randint(3, 12)):
            line.append(draw.choice(words))
            line.append(draw.choice([" ", " ", " ", " ", "  ", "\n", "\n\n", "    ", ", ", ". "]))
        lines.append("".join(line))
    return lines
