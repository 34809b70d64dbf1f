"""YAML that remembers on which line of its file everything stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
"""The way to a value: `("weeks", 2, "steps")`."""

_NULL = "tag:yaml.org,2002:null"
_MAX_DEPTH = 12
_TOO_DEEP = "this lies too deep inside other things"


class NotYaml(ValueError):
    """A text is not YAML; the words say why in a sentence."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(says)
        self.line = line
        self.says = says


class _Loader(yaml.SafeLoader):
    """YAML without anchors: a text written once and used twice has no line of its own."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) and event.start_mark:
            raise NotYaml(event.start_mark.line + 1, f"*{event.anchor} stands for other words: write these out here")
        return super().compose_node(parent, index)


@dataclass
class Tree:
    """What a file holds, every plain value as its words, with the line of each value and of each field's name."""

    source: list[str]
    content: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """The first line of each value's words, and the first line after them."""
    doubled: list[tuple[Path, int, str]] = field(default_factory=list)
    """Fields that cannot be kept: where, on which line, and why."""

    def line(self, path: Path) -> int:
        """The line of what is at `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_where(self, path: Path, is_so: Callable[[str], bool]) -> int:
        """The line of the value at `path` on which something is so; else the line where the value begins."""
        first, after = self.spans.get(path, (0, 0))
        lines = [line.strip() for line in self.source[first - 1 : after - 1]] if first else []
        for size in range(1, len(lines) + 1):
            for start in range(len(lines) - size + 1):
                if is_so(" ".join(lines[start : start + size])):
                    return first + start
        return self.line(path)

    def words(self) -> Iterator[tuple[Path, str]]:
        """Every value that is words, in the order of the file."""
        for path in self.spans:
            found = self.at(path)
            if isinstance(found, str):
                yield path, found

    def at(self, path: Path) -> Any:
        """The value at `path`."""
        found = self.content
        for step in path:
            found = found[step]
        return found


def read_tree(text: str) -> Tree:
    """The content of a YAML text. Raises NotYaml."""
    tree = Tree(text.splitlines())
    try:
        node = yaml.compose(text.rstrip("\n") + "\n", Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _said(error, tree.source) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYaml(line, "there is a character here that cannot be seen: type the line again") from None
    except RecursionError:
        raise NotYaml(1, _TOO_DEEP) from None
    if node is not None:
        tree.content = _value(node, (), tree)
    return tree


def _said(error: yaml.MarkedYAMLError, source: list[str]) -> NotYaml:
    """What is wrong, for somebody who never heard of YAML's tokens."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    begun = error.context_mark.line + 1 if error.context_mark else line
    there = source[line - 1] if line <= len(source) else ""
    problem = error.problem or ""
    if "\t" in there[: len(there) - len(there.lstrip())] or "'\\t'" in problem:
        return NotYaml(line, "there is a tab here: use spaces")
    if "mapping values are not allowed" in problem:
        return NotYaml(line, "there is a colon too many here: put the words in quotes, or begin them on the next line")
    if "unexpected end of stream" in problem and begun < line:
        return NotYaml(begun, "the quotes that begin here never end")
    if isinstance(error, yaml.composer.ComposerError):
        return NotYaml(line, "a second document begins here: a file holds one programme")
    after = f" (it belongs to what begins on line {begun})" if begun != line else ""
    return NotYaml(line, f"this cannot be read as YAML: {problem}{after}")


def _value(node: Node, path: Path, tree: Tree) -> Any:
    """A node as plain content, its lines written down on the way."""
    first = node.start_mark.line + 1
    tree.lines.setdefault(path, first)
    if len(path) > _MAX_DEPTH:
        raise NotYaml(first, _TOO_DEEP)
    if isinstance(node, MappingNode):
        return _mapping(node, path, tree)
    if isinstance(node, SequenceNode):
        return [_value(item, (*path, at), tree) for at, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    tree.spans[path] = (first, node.end_mark.line + (1 if node.style in ("|", ">") else 2))
    return "" if node.tag == _NULL else str(node.value)


def _mapping(node: MappingNode, path: Path, tree: Tree) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            tree.doubled.append((path, line, "the name of a field should be one word"))
        elif key.value in fields:
            before = tree.lines[(*path, key.value)]
            tree.doubled.append(((*path, key.value), line, f"stands here a second time; the first is on line {before}"))
        else:
            tree.lines[(*path, key.value)] = line
            fields[key.value] = _value(value, (*path, key.value), tree)
    return fields
