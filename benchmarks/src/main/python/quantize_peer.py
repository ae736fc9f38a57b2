"""The formats that llama.cpp is measured in, made of one GGUF file: python quantize_peer.py MODEL.gguf OUT_DIR

Needs llama-cpp-python. Writes OUT_DIR/{F32,F16,BF16,Q8_0,Q4_0}.gguf; files that are there already stay.
"""
import ctypes, pathlib, sys

import llama_cpp

FILE_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 7, "BF16": 32}


def main(source, folder):
    for name, file_type in FILE_TYPES.items():
        target = folder / f"{name}.gguf"
        if target.exists():
            continue
        parameters = llama_cpp.llama_model_quantize_default_params()
        parameters.ftype, parameters.allow_requantize = file_type, True
        status = llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(parameters))
        if status != 0:
            sys.exit(f"{target}: llama_model_quantize returned {status}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
