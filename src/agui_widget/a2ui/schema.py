"""JSON Schema, as far as catalogue documents use it, as checks. Nothing is fetched: a `$ref` is local or a common type.

What is not understood passes: a catalogue of tomorrow shall not make every message of today wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import CatalogError
from ..numeric import is_number
from .common_types import CHECKS, MIXINS
from .kinds import FORMATS, MOST_CHECKED_CHARACTERS, TYPES, anything, child
from .problem import Place, Problem, listed, shown, spell
from .walk import Check, Walk

LONGEST_PATTERN = 500
DEEPEST_SCHEMA = 60
NESTED_QUANTIFIER = re.compile(
    r"[+*}]\)?[^)]*\)[+*{]|\)[+*]\)[+*{]"
)  # may take exponential time: Python has no timeout
COMMON_TYPE = re.compile(r"common_types\.json#/\$defs/(\w+)$")


class Compiler:
    """Checks out of the schemas of one document, to which its `$ref`s may point."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._checks: dict[str, Check] = {}
        self._depth = 0

    def compile(self, schema: Any) -> Check:
        """The check of a schema."""
        if schema is False:
            return _nothing
        if not isinstance(schema, dict):
            return anything
        self._depth += 1
        if self._depth > DEEPEST_SCHEMA:
            raise CatalogError(f"a schema is nested more than {DEEPEST_SCHEMA} deep")
        checks = [make(self, schema[keyword], schema) for keyword, make in KEYWORDS.items() if keyword in schema]
        checks = [check for check in checks if check is not anything]
        self._depth -= 1
        if schema.get("title") == "ComponentId" and schema.get("type") == "string":
            return child
        return checks[0] if len(checks) == 1 else _all(checks)

    def reference(self, target: str) -> Check:
        """The check of what a `$ref` points to; looked up when first used, since references may run in circles."""
        common = COMMON_TYPE.search(target)
        if common:
            return self._common_type(common[1])
        if target not in self._checks:
            self._checks[target] = self._later(target)
        return self._checks[target]

    def _common_type(self, name: str) -> Check:
        if name not in MIXINS:
            return CHECKS.get(name, anything)
        return _properties({**MIXINS[name]})

    def _later(self, target: str) -> Check:
        compiled: list[Check] = []

        def check(value: Any, place: Place, walk: Walk) -> None:
            if not compiled:
                compiled.append(self.compile(self.target(target)))
            if walk.is_too_deep(place):
                return
            walk.depth += 1
            try:
                compiled[0](value, place, walk)
            finally:
                walk.depth -= 1

        return check

    def target(self, reference: str) -> Any:
        """What a local `$ref` points to; None if that is not in the document."""
        _, _, pointer = reference.partition("#")
        found: Any = self.document
        for part in pointer.split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def properties_of(self, schema: Any) -> set[str]:
        """The names of the properties that a schema describes, anywhere: for `unevaluatedProperties`."""
        return self._names(schema, ("properties",), set())

    def names_in(self, schema: Any) -> set[str]:
        """The names that a schema describes or requires."""
        return self._names(schema, ("properties", "required"), set())

    def _names(self, schema: Any, keywords: tuple[str, ...], seen: set[int]) -> set[str]:
        found: set[str] = set()
        if not isinstance(schema, dict) or id(schema) in seen:
            return found
        seen.add(id(schema))
        for keyword in keywords:
            names = schema.get(keyword)
            found |= {name for name in names if isinstance(name, str)} if isinstance(names, dict | list) else set()
        for branch in self._branches(schema):
            found |= self._names(branch, keywords, seen)
        target = schema.get("$ref")
        common = COMMON_TYPE.search(target) if isinstance(target, str) else None
        return found | set(MIXINS.get(common[1], ())) if common else found

    def _branches(self, schema: dict[str, Any]) -> Iterator[Any]:
        for keyword in ("allOf", "anyOf", "oneOf"):
            branches = schema.get(keyword)
            yield from branches if isinstance(branches, list) else ()
        yield from (schema.get(keyword) for keyword in ("if", "then", "else"))
        target = schema.get("$ref")
        if isinstance(target, str) and not COMMON_TYPE.search(target):
            yield self.target(target)


def _nothing(value: Any, place: Place, walk: Walk) -> None:
    walk.add(place, "invalid_value", f"{shown(value)} is not allowed here")


def _all(checks: list[Check]) -> Check:
    if not checks:
        return anything

    def check(value: Any, place: Place, walk: Walk) -> None:
        for each in checks:
            each(value, place, walk)

    return check


def _properties(checks: dict[str, Check]) -> Check:
    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, dict):
            for name, each in checks.items():
                if name in value:
                    each(value[name], (place, name), walk)

    return check


def _fails(test: Callable[[Any], bool], message: Callable[[Any], str]) -> Check:
    """A check that says `message` of values that do not stand the test."""

    def check(value: Any, place: Place, walk: Walk) -> None:
        if not test(value):
            walk.add(place, "invalid_value", message(value))

    return check


# --- keywords -----------------------------------------------------------------------------------------------


def _type(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    names = [
        name for name in (value if isinstance(value, list) else [value]) if isinstance(name, str) and name in TYPES
    ]
    if not names:
        return anything

    def check(value: Any, place: Place, walk: Walk) -> None:
        if not any(TYPES[name](value) for name in names):
            walk.mismatch(value, place, *names)

    return check


def _same(left: Any, right: Any) -> bool:
    """Equal as JSON: true is not 1. `left` comes from the schema, so its depth bounds the comparison."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    return bool(left == right)


def _enum(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    values = value if isinstance(value, list) else [value]
    return _fails(
        lambda given: any(_same(each, given) for each in values),
        lambda given: f"{shown(given)} is not one of {listed(values)}",
    )


def _const(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    return _fails(lambda given: _same(value, given), lambda given: f"{shown(value)} was expected")


def _object(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    if not isinstance(value, dict):
        return anything
    return _properties({name: compiler.compile(each) for name, each in value.items()})


def _required(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    names = [name for name in value if isinstance(name, str)] if isinstance(value, list) else []

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, dict):
            for name in names:
                if name not in value:
                    walk.missing(place, name)

    return check


def _additional(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    if value is True:
        return anything
    known = set(schema.get("properties") or ())
    patterns = [found for each in schema.get("patternProperties") or () if (found := pattern_of(each))]
    return _others(known, patterns, None if value is False else compiler.compile(value))


def _unevaluated(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    if value is not False:
        return anything
    patterns = [found for each in schema.get("patternProperties") or () if (found := pattern_of(each))]
    return _others(set(compiler.properties_of(schema)), patterns, None)


def _others(known: set[str], patterns: list[re.Pattern[str]], rest: Check | None) -> Check:
    def check(value: Any, place: Place, walk: Walk) -> None:
        if not isinstance(value, dict):
            return
        for name, each in value.items():
            if name in known or any(pattern.search(str(name)) for pattern in patterns):
                continue
            if rest is None:
                walk.extra(place, name)
            else:
                rest(each, (place, name), walk)

    return check


def _pattern_properties(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    if not isinstance(value, dict):
        return anything
    pairs = [(found, compiler.compile(each)) for key, each in value.items() if (found := pattern_of(key))]

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, dict):
            for pattern, each in pairs:
                for name in value:
                    if pattern.search(str(name)):
                        each(value[name], (place, name), walk)

    return check


def _property_names(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    check_name = compiler.compile(value)

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, dict):
            for name in value:
                check_name(name, (place, name), walk)

    return check


def _items(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    check_item = compiler.compile(value)
    first = len(schema.get("prefixItems") or ())

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, list):
            for index in range(first, len(value)):
                check_item(value[index], (place, index), walk)

    return check


def _prefix_items(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    checks = [compiler.compile(each) for each in value] if isinstance(value, list) else []

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, list):
            for index, (item, each) in enumerate(zip(value, checks, strict=False)):
                each(item, (place, index), walk)

    return check


def _contains(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    wanted = compiler.compile(value)

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, list) and not any(walk.passes(wanted, each, place) for each in value):
            walk.add(place, "invalid_value", f"{shown(value)} does not contain an item that it must")

    return check


def _bound(applies: Callable[[Any], bool], fits: Callable[[Any, Any], bool], words: str) -> Any:
    def make(compiler: Compiler, limit: Any, schema: dict[str, Any]) -> Check:
        if not is_number(limit):
            return anything
        return _fails(
            lambda given: not applies(given) or fits(given, limit),
            lambda given: f"{shown(given)} {words} {shown(limit)}",
        )

    return make


def _is_multiple(given: float, divisor: float) -> bool:
    try:
        return divisor != 0 and (given / divisor).is_integer()
    except OverflowError:
        return given % divisor == 0


def _unique(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    if value is not True:
        return anything

    def check(value: Any, place: Place, walk: Walk) -> None:
        if isinstance(value, list):
            plain = [each for each in value if isinstance(each, str)]  # enough for names; others may be deep
            if len(set(plain)) < len(plain):
                walk.add(place, "invalid_value", f"{shown(value)} has non-unique elements")

    return check


def _pattern(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    pattern = pattern_of(value)
    if pattern is None:
        return anything
    return _fails(
        lambda given: not isinstance(given, str) or len(given) > MOST_CHECKED_CHARACTERS or bool(pattern.search(given)),
        lambda given: f"{shown(given)} does not match {value!r}",
    )


def pattern_of(value: Any) -> re.Pattern[str] | None:
    """A schema's regular expression; None for one that is not Python's or that might run for ever."""
    if not isinstance(value, str) or len(value) > LONGEST_PATTERN or NESTED_QUANTIFIER.search(value):
        return None
    try:
        return re.compile(value)
    except (re.error, RecursionError, OverflowError):
        return None


def _format(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    matches = FORMATS.get(value) if isinstance(value, str) else None
    if matches is None:
        return anything
    return _fails(
        lambda given: not isinstance(given, str) or len(given) > MOST_CHECKED_CHARACTERS or bool(matches(given)),
        lambda given: f"{shown(given)} is not a '{value}'",
    )


def _all_of(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    return _all([compiler.compile(each) for each in value]) if isinstance(value, list) else anything


def _any_of(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    return _branches(compiler, value, may_be_several=True)


def _one_of(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    return _branches(compiler, value, may_be_several=False)


def _branches(compiler: Compiler, schemas: Any, *, may_be_several: bool) -> Check:
    """One of the schemas holds."""
    if not isinstance(schemas, list):
        return anything
    branches = [compiler.compile(each) for each in schemas]

    def check(value: Any, place: Place, walk: Walk) -> None:
        attempts = [walk.attempt(branch, value, place) for branch in branches]
        passed = [references for problems, references in attempts if not problems]
        if not passed:
            return _closest([problems for problems, _ in attempts], value, place, walk)
        walk.references += passed[0]
        if len(passed) > 1 and not may_be_several:
            walk.add(place, "invalid_value", f"{shown(value)} is valid under more than one of the given schemas")

    return check


def _closest(branches: list[list[Problem]], value: Any, place: Place, walk: Walk) -> None:
    """Note what the branch says that fits best: the one with the deepest problem, as its type was right."""
    best = max(branches, key=_depth, default=[])
    if isinstance(value, dict | list) and _depth(best) > spell(place).count("."):
        for problem in best:
            walk.repeat(problem)
    else:
        walk.add(place, walk.type_code, f"{shown(value)} is not valid under any of the given schemas")


def _depth(problems: list[Problem]) -> int:
    return max((problem.path.count(".") for problem in problems), default=0)


def _not(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    unwanted = compiler.compile(value)

    def check(value: Any, place: Place, walk: Walk) -> None:
        if not walk.attempt(unwanted, value, place)[0]:
            walk.add(place, "invalid_value", f"{shown(value)} should not be valid under the given schema")

    return check


def _if(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    condition, then, otherwise = (compiler.compile(schema.get(each, True)) for each in ("if", "then", "else"))

    def check(value: Any, place: Place, walk: Walk) -> None:
        (then if walk.passes(condition, value, place) else otherwise)(value, place, walk)

    return check


def _ref(compiler: Compiler, value: Any, schema: dict[str, Any]) -> Check:
    return compiler.reference(value) if isinstance(value, str) else anything


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


KEYWORDS: dict[str, Callable[[Compiler, Any, dict[str, Any]], Check]] = {
    "$ref": _ref,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "properties": _object,
    "patternProperties": _pattern_properties,
    "propertyNames": _property_names,
    "required": _required,
    "additionalProperties": _additional,
    "unevaluatedProperties": _unevaluated,
    "minProperties": _bound(_is_object, lambda given, limit: len(given) >= limit, "has fewer properties than"),
    "maxProperties": _bound(_is_object, lambda given, limit: len(given) <= limit, "has more properties than"),
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "minItems": _bound(_is_list, lambda given, limit: len(given) >= limit, "has fewer items than"),
    "maxItems": _bound(_is_list, lambda given, limit: len(given) <= limit, "has more items than"),
    "uniqueItems": _unique,
    "minLength": _bound(_is_text, lambda given, limit: len(given) >= limit, "is shorter than"),
    "maxLength": _bound(_is_text, lambda given, limit: len(given) <= limit, "is longer than"),
    "pattern": _pattern,
    "format": _format,
    "minimum": _bound(is_number, lambda given, limit: given >= limit, "is less than the minimum of"),
    "maximum": _bound(is_number, lambda given, limit: given <= limit, "is greater than the maximum of"),
    "exclusiveMinimum": _bound(is_number, lambda given, limit: given > limit, "is not greater than"),
    "exclusiveMaximum": _bound(is_number, lambda given, limit: given < limit, "is not less than"),
    "multipleOf": _bound(is_number, _is_multiple, "is not a multiple of"),
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
