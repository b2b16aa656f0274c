"""A section of the configuration: each field says its type, bounds, unit, default and description once."""

from dataclasses import dataclass
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationInfo, field_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from evocnn.extensions import PATTERN, own_file


class Section(BaseModel):
    """Base of every section. Values are checked when a section is made, and never change afterwards.

    Numbers may be written as text and whole numbers with a point, because YAML 1.1 reads `1e-3` as text and
    `--config` hands text on. Booleans are not numbers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_booleans_as_numbers(cls, value: Any, info: ValidationInfo) -> Any:
        kinds = _kinds(cls.model_fields[str(info.field_name)].annotation)
        if isinstance(value, bool) and bool not in kinds and {int, float} & kinds:
            raise PydanticCustomError("float_type" if float in kinds else "int_type", "a boolean is no number")
        return value


@dataclass(frozen=True)
class BuiltInOrOwn:
    """The type of a setting that names something built in, or `FILE.py:NAME`; see `evocnn.extensions`.

    Attributes:
        names: of what is built in.
    """

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the value, and that it is text."""
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        """Names to complete in editors, or any file."""
        return {"anyOf": [{"enum": list(self.names)}, {"type": "string", "pattern": f"^{PATTERN}$"}]}

    def _check(self, value: Any) -> str:
        if isinstance(value, str) and (value in self.names or own_file(value)):
            return value
        names = ", ".join(f"'{name}'" for name in self.names)
        raise PydanticCustomError("literal_error", "another name", {"expected": f"{names}, or FILE.py:NAME"})


def _kinds(annotation: Any) -> set[Any]:
    """The plain types of an annotation: {int, NoneType} for `int | None`."""
    return set(get_args(annotation)) if get_origin(annotation) is UnionType else {annotation}
