"""Read the built site as people do, in a headless Chromium: `python docs/browser_test.py FOLDER [PICTURES]`.

Every page loads without an error in the console, and is read at 400 pixels without scrolling sideways. Text stands out
from its ground in the light and in the dark. The search finds the page of each error text. With PICTURES, some pages
are drawn into that folder. Chromium and its driver must be on the PATH: Debian has both, as chromium and
chromium-driver.
"""

from __future__ import annotations

import functools
import http.server
import pathlib
import shutil
import sys
import threading
import time
import urllib.parse

import make_site
from selenium import webdriver

from compat_auc.migrate import messages

WIDE, NARROW = 1280, 400
DRAWN = ("README", "migration_guide", "docs/messages", "docs/rules", "docs/api", "docs/programs", "docs/zh")
# Of WCAG 2, for text of a usual size.
LEAST_CONTRAST = 4.5
CONTRASTS = """
const light = color => {
  const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3)
    .map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = node => {
  for (; node; node = node.parentElement) {
    const color = getComputedStyle(node).backgroundColor;
    if (!/, 0\\)$|transparent/.test(color)) return color;
  }
  return "rgb(255, 255, 255)";
};
return [...document.querySelectorAll("article :is(p, li, code, h1, h2, td, a)")]
  .filter(node => node.innerText.trim() && node.checkVisibility())
  .map(node => {
    const [low, high] = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => a - b);
    return [(high + 0.05) / (low + 0.05), node.innerText.slice(0, 40)];
  })
  .filter(([contrast]) => contrast < arguments[0]);
"""


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        """Send a file. A site without a picture for the browser's tab is no error."""
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_):
        """Say nothing."""


class Browser:
    """A Chromium on the pages of a folder."""

    def __init__(self, folder):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{server.server_port}/"
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # With the path of the driver, selenium asks nobody for another driver.
        self.driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))

    def show(self, page, width=WIDE, scheme="light"):
        """Load a page; its height is that of a screen."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == NARROW}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        self.driver.get(self.address + page)

    def errors(self):
        """What the console has said since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def search(self, text):
        """The addresses of the pages that the site's search finds."""
        self.show("search.html?q=" + urllib.parse.quote(text))
        state = "return [...document.querySelectorAll('#search-results a')].map(link => link.href)"
        finished = "return !!document.querySelector('#search-results .search-summary')?.innerText.match(/found|match/)"
        deadline = time.monotonic() + 20
        while not self.driver.execute_script(finished) and time.monotonic() < deadline:
            time.sleep(0.02)
        return [link.partition("?")[0].partition("#")[0] for link in self.driver.execute_script(state)]


def faults_of_pages(browser, folder):
    """Load every page, wide and narrow, in the light and in the dark."""
    for path in sorted(folder.rglob("*.html")):
        page = path.relative_to(folder).as_posix()
        for width, scheme in ((WIDE, "light"), (NARROW, "dark")):
            browser.show(page, width, scheme)
            yield from (f"{page}: {message}" for message in browser.errors())
            wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
            if wide > width:
                yield f"{page}: {wide} pixels wide in a window of {width}"
            for contrast, text in browser.driver.execute_script(CONTRASTS, LEAST_CONTRAST):
                yield f"{page}: a contrast of {contrast:.1f} in the {scheme}: {text!r}"


def faults_of_the_search(browser):
    """Search each error text of the guide's index."""
    for message in messages.index():
        links = browser.search(message.text)
        page = f"{browser.address}docs/messages/{make_site.page_name(message)}.html"
        # The page of a message that stands for many may come after theirs.
        if page not in (links if "..." in message.text else links[:10]):
            yield f"the search for {message.text} does not find its page, but {links[:3]}"


def draw(browser, pictures):
    """Draw pages for a reader of this test."""
    pictures.mkdir(parents=True, exist_ok=True)
    for page in DRAWN:
        for width, scheme in ((WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark")):
            browser.show(f"{page}.html", width, scheme)
            browser.driver.save_screenshot(str(pictures / f"{page.replace('/', '_')}_{width}_{scheme}.png"))


def main(folder, pictures=""):
    """Print what is wrong, and return the exit status."""
    browser = Browser(folder)
    try:
        faults = [*faults_of_pages(browser, pathlib.Path(folder)), *faults_of_the_search(browser)]
        if pictures:
            draw(browser, pathlib.Path(pictures))
    finally:
        browser.driver.quit()
    print(*faults, f"{len(faults)} faults of the site in a browser", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
