"""Matrices of a graph in 8 bits: the one place, beside the loader, that asks onnxruntime for anything."""

from __future__ import annotations

from pathlib import Path


def in_bytes(whole: Path, out: Path) -> None:
    """Write a graph again with its matrices as whole numbers, one scale a column (needs onnx).

    Args:
        whole: a graph in single precision.
        out: the file to write.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(whole), str(out), op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8
    )
