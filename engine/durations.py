"""Lengths of time counted in buckets, so that medians of many are kept in few rows.

Bucket 0 holds what took less than a second. Each further bucket is a quarter of a doubling wide.
A quantile told from buckets lies in the same bucket as the true one; told as the bucket's geometric
middle it is wrong by at most a factor of 2^(1/8), which is 9.1 percent.
"""

import math
from collections.abc import Mapping
from datetime import timedelta

PER_DOUBLING = 4
_SECOND = 1000


def bucket_of(milliseconds: int) -> int:
    """Name the bucket that a length of time falls into."""
    if milliseconds < _SECOND:
        return 0
    return 1 + math.floor(PER_DOUBLING * math.log2(milliseconds / _SECOND))


def middle_of(bucket: int) -> timedelta:
    """Tell the length of time that stands for all in a bucket."""
    if bucket == 0:
        return timedelta()
    return timedelta(seconds=2 ** ((bucket - 0.5) / PER_DOUBLING))


def quantile(counts: Mapping[int, int], share: float) -> timedelta | None:
    """Tell how long the given share took at most; None of nothing."""
    wanted = math.ceil(sum(counts.values()) * share)
    for bucket in sorted(counts):
        wanted -= counts[bucket]
        if wanted <= 0 and counts[bucket]:
            return middle_of(bucket)
    return None
