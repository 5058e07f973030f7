"""Quaternions and axes of many frames at once: scalar first, NumPy only."""

import numpy as np


def y_up(vector: np.ndarray) -> np.ndarray:
    """Return east-north-up vectors with y up, x east, z south, `(..., 3)`: the axes of glTF, USD and Nuke."""
    x, y, z = np.moveaxis(np.asarray(vector, float), -1, 0)
    return np.stack([x, z, -y], axis=-1)


def quaternion_y_up(attitude: np.ndarray) -> np.ndarray:
    """Return attitudes for bodies whose own axes were turned by `y_up` as well, `(..., 4)`."""
    attitude = np.asarray(attitude, float)
    return np.concatenate([attitude[..., :1], y_up(attitude[..., 1:])], axis=-1)


def rotate(attitude: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return body vectors in the outer frame, `(..., 3)`.

    Args:
        attitude: Unit quaternions, scalar first, `(..., 4)`.
        vector: `(..., 3)`.
    """
    axis = attitude[..., 1:]
    twice = 2.0 * np.cross(axis, vector)
    return vector + attitude[..., :1] * twice + np.cross(axis, twice)


def multiply(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return products of quaternions, `(..., 4)`: first the right one turns, then the left."""
    a, b = np.broadcast_arrays(left, right)
    scalar = a[..., 0] * b[..., 0] - np.sum(a[..., 1:] * b[..., 1:], axis=-1)
    axis = a[..., :1] * b[..., 1:] + b[..., :1] * a[..., 1:] + np.cross(a[..., 1:], b[..., 1:])
    return np.concatenate([scalar[..., None], axis], axis=-1)


def quaternion_of(matrix: np.ndarray) -> np.ndarray:
    """Return unit quaternions of rotation matrices, `(..., 4)`.

    Args:
        matrix: Its columns are the body's axes in the outer frame, `(..., 3, 3)`.

    Source: Bar-Itzhack 2000: the eigenvector of the largest eigenvalue; no case is singular.
    """
    m = np.asarray(matrix, float)
    trace = np.trace(m, axis1=-2, axis2=-1)
    k = np.zeros((*m.shape[:-2], 4, 4))
    k[..., 0, 0] = trace
    k[..., 1:, 1:] = m + np.swapaxes(m, -1, -2) - trace[..., None, None] * np.eye(3)
    for n, (i, j) in enumerate(((2, 1), (0, 2), (1, 0)), 1):
        k[..., 0, n] = k[..., n, 0] = m[..., i, j] - m[..., j, i]
    return np.asarray(np.linalg.eigh(k).eigenvectors[..., -1])


def continuous(attitude: np.ndarray) -> np.ndarray:
    """Return the same attitudes with signs such that neighbours are near each other, `(n, 4)`."""
    flips = np.sum(attitude[1:] * attitude[:-1], axis=1) < 0.0
    sign = np.concatenate([[1.0], np.where(np.cumsum(flips) % 2, -1.0, 1.0)])
    return attitude * sign[:, None]


def between(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return attitudes on the shortest turn from one to another, `(n, 4)`.

    Args:
        first: `(n, 4)`.
        second: `(n, 4)`.
        share: Of the way, `(n,)`.

    Source: Shoemake 1985, spherical linear interpolation.
    """
    cosine = np.sum(first * second, axis=1)
    second = np.where(cosine[:, None] < 0.0, -second, second)
    angle = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    small = angle < 1e-6
    sine = np.where(small, 1.0, np.sin(angle))
    a = np.where(small, 1.0 - share, np.sin((1.0 - share) * angle) / sine)
    b = np.where(small, share, np.sin(share * angle) / sine)
    found = a[:, None] * first + b[:, None] * second
    return found / np.linalg.norm(found, axis=1, keepdims=True)
