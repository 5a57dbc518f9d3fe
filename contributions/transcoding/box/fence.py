"""A fence round what a decoder may open, by Linux' Landlock where the kernel has it.

Only the decoder's own program, its libraries and its box can be read, and only the box written, so
that even a decoder that has been taken over cannot reach another member's file. Standard library
only: this runs before anything else is loaded.
"""

import ctypes
import os
import sys

CREATE_RULESET = 444
ADD_RULE = 445
RESTRICT_SELF = 446
ABI_VERSION = 1
PATH_BENEATH = 1

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
#: Removing and making of every kind of file; moving between folders and cutting short came later.
CHANGE = sum(1 << bit for bit in range(4, 13))
MOVE, TRUNCATE = 1 << 13, 1 << 14
READ = READ_FILE | READ_DIR
#: Libraries, their index, and what the system tells of itself.
SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/nix", "/gnu", "/etc/ld.so.cache", "/proc", "/sys", "/dev")


class Ruleset(ctypes.Structure):
    _fields_ = [("handled_access_fs", ctypes.c_uint64)]


class Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def raise_fence(libc: ctypes.CDLL, program: str) -> str:
    """Shut out everything but the system's libraries, the program, and the current folder; say why not."""
    version = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ABI_VERSION)
    if version < 1:
        return f"no landlock: {os.strerror(ctypes.get_errno())}"
    every = WRITE_FILE | READ | CHANGE | (MOVE if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0)
    rules = Ruleset(every)
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(ctypes.sizeof(rules)), 0)
    if ruleset < 0:
        return f"no landlock: {os.strerror(ctypes.get_errno())}"
    try:
        home = os.path.dirname(os.path.realpath(program))  # noqa: PTH120  quicker than pathlib
        own = [sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(__file__)]  # noqa: PTH120
        for place in {*SYSTEM, *own, program, home, f"{home}/../lib"}:
            _allow(libc, ruleset, place, READ)
        _allow(libc, ruleset, "/dev/null", READ_FILE | WRITE_FILE)
        _allow(libc, ruleset, ".", every)
        if libc.syscall(RESTRICT_SELF, ruleset, 0) != 0:
            return f"no landlock: {os.strerror(ctypes.get_errno())}"
    finally:
        os.close(ruleset)
    return ""


def _allow(libc: ctypes.CDLL, ruleset: int, place: str, access: int) -> None:
    try:
        handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(place):  # noqa: PTH112  pathlib is not needed for one question
        access &= READ_FILE | WRITE_FILE | TRUNCATE
    rule = Beneath(access, handle)
    libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(handle)
