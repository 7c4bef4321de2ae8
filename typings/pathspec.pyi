# What compat-auc uses of pathspec, which the checker's environment may lack.
from typing import Iterable

class CheckResult:
    include: bool | None

class GitIgnoreSpec:
    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> GitIgnoreSpec: ...
    def check_file(self, file: str) -> CheckResult: ...
