"""The cases, by name, and how a function becomes one."""


HONEST, TAMPERED = {}, {}


def honest(make):
    HONEST[make.__name__] = make
    return make


def tampered(base, expect="error"):
    def mark(make):
        TAMPERED[make.__name__] = (base, expect, make)
        return make
    return mark
