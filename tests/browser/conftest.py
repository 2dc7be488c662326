"""One headless Chromium for all tests of pages; what it logs and asks the network for is at hand."""

import json
import os
import shutil
from importlib import import_module

import pytest

MISSING = "needs Chromium and its driver: apt-get install chromium chromium-driver"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars")


class Browser:
    """A driver, with what tests of pages ask it."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, *, width=1280, dark=False, media=""):
        """Open a page."""
        self.emulate(width=width, dark=dark, media=media)
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(path.as_uri())

    def emulate(self, *, width=1280, dark=False, media=""):
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})

    def run(self, script, *args):
        return self.driver.execute_script(f"return {script}", *args)

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def texts(self, selector):
        return self.run("[...document.querySelectorAll(arguments[0])].map((one) => one.textContent.trim())", selector)

    def colour(self, selector, name):
        """Return a computed colour as (red, green, blue)."""
        text = self.run("getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", selector, name)
        return tuple(int(part) for part in text.partition("(")[2].rstrip(")").split(",")[:3])

    def requests(self):
        """Return the addresses that were asked for since the page was opened."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [item["params"] for item in messages if item["method"] == "Network.requestWillBeSent"]
        return [params["request"]["url"] for params in sent]

    def logged(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="session")
def browser():
    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    webdriver = import_module("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for flag in FLAGS:
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    yield Browser(chrome)
    chrome.quit()
