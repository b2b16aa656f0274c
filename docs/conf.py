"""The documentation site, built by `make docs`: Sphinx reads the pages beside this file, and docstrings."""

from importlib.metadata import version as version_of

project = "evocnn"
author = "The evocnn developers"
version = release = version_of("evocnn")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"evocnn {version}"
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]  # nothing colours csv
default_role = "code"  # docstrings write `names` so

autodoc_member_order = "bysource"
napoleon_attr_annotations = False
add_module_names = False
napoleon_use_ivar = True
