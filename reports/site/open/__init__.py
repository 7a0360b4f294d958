"""The open site: the results that everybody may see, as static pages from the published build.

`facts.py` reads the marts, `pages.py` says which pages there are and what is on them, `agencies.py`
what is on an agency's, `writing.py` writes those that changed, `downloads.py` the data to take
away. Pages are read from a file or from any web server: every link is relative, nothing is loaded
from another host.
"""
