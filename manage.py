#!/usr/bin/env python3
"""Tern's one command: `up`, `test`, and every command of Django. Parses on any Python, so that an old one can be told so."""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("Tern needs Python 3.11 or newer, and this is Python %d.%d. Start it with a newer one." % sys.version_info[:2])

if __name__ == "__main__":
    os.environ.pop("PYTHONSAFEPATH", None)  # it, and `python3 -I`, leave this folder out of the path, for our children too
    if os.path.dirname(os.path.abspath(__file__)) not in sys.path:
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    try:
        from crm.runtime.bootstrap import inside_environment

        inside_environment(sys.argv)
        from crm.runtime.entry import main

        sys.exit(main(sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)
