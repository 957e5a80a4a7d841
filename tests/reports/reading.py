"""A page read as a reader without a browser would: its tags, its texts, its headings."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "rect", "line", "circle", "path"}


class Page(HTMLParser):
    """Collects tags with their attributes, and the text under each element that has an id or a class."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.pieces = []
        self.open = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        self.pieces.append((tuple(self.open), data))

    @property
    def text(self):
        """Everything but style."""
        return "".join(data for path, data in self.pieces if "style" not in path)

    @property
    def seen(self):
        """What stands on the page: without the words that only describe a picture."""
        return "".join(data for path, data in self.pieces if not {"style", "title", "desc"} & set(path))

    def named(self, tag):
        """Attributes of every element with this tag."""
        return [attributes for name, attributes in self.tags if name == tag]
