#!/usr/bin/env python3
"""browse.py FOLDER AXE [SCREENSHOTS]: opens the pages of FOLDER in a headless Chromium and uses them as a reader does.

Chromium is spoken to over a pipe (--remote-debugging-pipe: JSON, each message ended by a zero byte), so no port is opened and no package but
`chromium` is needed. AXE is the script of axe-core. Each check prints one line; what does not hold is told, and ends the program with 1.
"""

import base64
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

KEYS = {
    "/": ("Slash", 191, "/"),
    "j": ("KeyJ", 74, "j"),
    "k": ("KeyK", 75, "k"),
    "t": ("KeyT", 84, "t"),
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    " ": ("Space", 32, " "),
    "Tab": ("Tab", 9, ""),
}


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, profile):
        read_theirs, write_ours = os.pipe()
        read_ours, write_theirs = os.pipe()
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (read_theirs, write_theirs)]
        program = next(path for path in ("/usr/lib/chromium/chromium", "/usr/bin/chromium") if os.path.exists(path))
        options = ["--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
        options += ["--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}"]
        options += ["--font-render-hinting=none", "--hide-scrollbars"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")
        command = f'exec 3<&{theirs[0]} 4>&{theirs[1]}; exec "$0" "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", command, program, *options], pass_fds=theirs, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for end in (read_theirs, write_theirs, *theirs):
            os.close(end)
        self.to, self.source = write_ours, os.fdopen(read_ours, "rb", buffering=0)
        self.rest, self.number, self.events, self.session = b"", 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility", "Performance"):
            self.call(f"{domain}.enable")
        self.size(1280, 900)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def read(self):
        while b"\0" not in self.rest:
            piece = self.source.read(1 << 20)
            if not piece:
                raise RuntimeError("the browser ended")
            self.rest += piece
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def wait_for(self, method):
        while True:
            for place, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(place)
            self.events.append(self.read())

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait_for("Page.loadEventFired")

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, script, wanted):
        """Waits until a script gives what is wanted, for a minute at most; what it gave last."""
        end = time.monotonic() + 60
        while True:
            value = self.run(script)
            if value == wanted or time.monotonic() > end:
                return value
            time.sleep(0.02)

    def press(self, key):
        code, number, text = KEYS[key]
        facts = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        self.call("Input.dispatchKeyEvent", type="keyDown", **facts, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def click(self, selector):
        place = self.run(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)}); one.scrollIntoView({{block: 'center'}});"
            " const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def scheme(self, name, media=""):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": name}])

    def shot(self, path, whole=False, most=6000):
        clip = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": min(most, size["height"]), "scale": 1}}
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **clip)
        path.write_bytes(base64.b64decode(picture["data"]))

    def complaints(self):
        """Everything that the console, the policy or a script had to say, and everything that was asked of a network."""
        said = []
        for event in self.events:
            facts = event.get("params", {})
            if event.get("method") == "Log.entryAdded":
                said.append(facts["entry"]["text"])
            elif event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Page.javascriptDialogOpening"):
                said.append(json.dumps(facts)[:300])
            elif event.get("method") == "Network.requestWillBeSent" and facts.get("type") != "Document":
                said.append("asked for " + facts["request"]["url"][:200])
        return said

    def close(self):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Reader:
    """Uses pages, and keeps what does not hold."""

    VISIBLE = "[...document.querySelectorAll('.cause > ul > li')].filter((row) => !row.closest('[hidden]')).length"

    def __init__(self, browser, folder, script, shots):
        self.browser, self.folder, self.script, self.shots, self.wrong = browser, folder, script, shots, []

    def check(self, what, found, wanted=True):
        good = found == wanted
        print(f"{'ok  ' if good else 'NOT '} {what}" + ("" if good else f": {found!r}, not {wanted!r}"))
        if not good:
            self.wrong.append(what)

    def shot(self, name, **options):
        if self.shots:
            if options.get("whole"):
                self.browser.run("document.activeElement.blur(); scrollTo(0, 0)")
            self.browser.shot(self.shots / f"{name}.png", **options)

    def open(self, name, scheme="light"):
        self.browser.scheme(scheme)
        self.browser.open(self.folder / f"{name}.html")

    def quiet(self, name):
        self.browser.run("new Promise((done) => setTimeout(done, 50))")
        self.check(f"{name}: nothing on the console, nothing loaded", self.browser.complaints(), [])

    def accessible(self, name):
        """Whether nothing keeps anybody from using the page as it stands there."""
        nodes = self.browser.call("Accessibility.getFullAXTree")["nodes"]
        nodes = [node for node in nodes if not node.get("ignored") and "role" in node]
        roles = {"button", "checkbox", "searchbox", "textbox", "link", "DisclosureTriangle", "image", "img", "radio", "combobox"}
        nameless = [
            node["role"]["value"] for node in nodes
            if node["role"].get("value") in roles and not node.get("name", {}).get("value", "").strip()
        ]
        self.check(f"{name}: every control and picture has a name", nameless, [])
        told = [
            prop["value"]["value"] for node in nodes if node["role"].get("value") == "DisclosureTriangle"
            for prop in node.get("properties", []) if prop["name"] == "expanded"
        ]
        summaries = "[...document.querySelectorAll('summary')].filter((one) => one.checkVisibility()).map((one) => one.parentElement.open)"
        self.check(f"{name}: what is unfolded says so", sorted(told), sorted(self.browser.run(summaries)))
        self.check(f"{name}: nothing is in the way", self.browser.run(ACCESSIBLE), [])
        violations, passes = self.axe()
        self.check(f"{name}: axe-core finds no violation", violations, [])
        self.check(f"{name}: axe-core has looked", passes > 20)

    def axe(self):
        """What axe-core says against the page as it stands there, by all of its rules; and how many it found kept."""
        if self.browser.run("typeof axe") == "undefined":
            self.browser.call("Runtime.evaluate", expression=self.script)
        return self.browser.run(AXE)

    def tabs(self, name):
        """Goes through the page with the tabulator: everything is reached, in the order of the page, and shows it."""
        self.browser.run("scrollTo(0, 0); getSelection().removeAllRanges(); document.activeElement.blur()")
        wanted = self.browser.run(f"{STOPS}.length")
        places, unseen = [], []
        for _ in range(wanted):
            self.browser.press("Tab")
            place, outline, text = self.browser.run(STOP)
            places.append(place)
            if not outline:
                unseen.append(text)
        self.check(f"{name}: the tabulator reaches everything in order", places, list(range(wanted)))
        self.check(f"{name}: where one is can be seen", unseen, [])

    def unfold(self):
        self.browser.run("for (const one of document.querySelectorAll('details')) one.open = true")

    def pages(self):
        """Each page folded and unfolded, in light and dark, on a wide screen, a small one and on paper."""
        for name in ("night", "held", "comparison", "review", "index", "failed", "recorded"):
            self.open(name)
            self.accessible(name)
            self.tabs(name)
            for scheme in ("light", "dark"):
                self.open(name, scheme)
                self.shot(f"{name}-{scheme}", whole=True)
                self.unfold()
                self.accessible(f"{name}, {scheme}, unfolded")
                self.shot(f"{name}-{scheme}-unfolded", whole=True)
            self.browser.size(390, 844)
            self.open(name)
            wide = self.browser.run("document.documentElement.scrollWidth")
            self.check(f"{name}, narrow: nothing stands beyond a small screen", wide, 390)
            self.unfold()
            self.accessible(f"{name}, narrow")
            self.shot(f"{name}-narrow", whole=True)
            self.browser.size(1280, 900)
            self.quiet(name)

    def night(self):
        for scheme in ("light", "dark"):
            self.open("night", scheme)
            ground = self.browser.run("getComputedStyle(document.body).backgroundColor")
            self.check(f"night: ground in {scheme}", ground, "rgb(255, 255, 255)" if scheme == "light" else "rgb(18, 23, 29)")
        self.check("night: the button offers light", self.browser.run("document.getElementById('theme').textContent"), "Light")
        self.browser.click("#theme")
        ground = self.browser.run("getComputedStyle(document.body).backgroundColor")
        self.check("night: the button turns to light", ground, "rgb(255, 255, 255)")
        self.browser.press("t")
        ground = self.browser.run("getComputedStyle(document.body).backgroundColor")
        self.check("night: t turns to dark", ground, "rgb(18, 23, 29)")
        self.accessible("night, turned to dark")
        self.quiet("night")

    def held(self):
        self.open("held")
        first = self.browser.run("[...document.querySelectorAll('main h2')].slice(0, 2).map((heading) => heading.textContent).join(', ')")
        self.check("held: what happens comes first, then the decision", first, "What happens, Needs a decision")

    def review(self):
        browser = self.browser
        self.open("review")
        whole = browser.run(self.VISIBLE)
        browser.press("/")
        browser.type("stale")
        wanted = browser.run("[...document.querySelectorAll('.cause > ul > li')].filter((row) => row.textContent.includes('stale')).length")
        self.check("review: a search for what is stale", browser.until(self.VISIBLE, wanted), wanted)
        self.check("review: some is, not all", 0 < wanted < whole)
        browser.press("Escape")
        self.check("review: Esc shows everything again", browser.until(self.VISIBLE, whole), whole)
        first = browser.run("document.querySelector('main h2').textContent")
        self.check("review: what is privileged comes first", first, "Privileged access")

    def keyboard(self):
        browser = self.browser
        self.open("night")
        whole = browser.run(self.VISIBLE)
        browser.press("/")
        self.check("keyboard: / goes to the search", browser.run("document.activeElement.id"), "search")
        browser.type("carla")
        wanted = browser.run("[...document.querySelectorAll('.cause > ul > li')].filter((row) => row.textContent.includes('carla')).length")
        self.check("search: only rows that match", browser.until(self.VISIBLE, wanted), wanted)
        self.check("search: some match, not all", 0 < wanted < whole)
        self.check("search: says how many", browser.run("document.getElementById('shown').textContent"), f"{wanted} of {whole} entries")
        browser.press("j")
        self.check("keyboard: j in the search is a letter", browser.run("document.getElementById('search').value"), "carlaj")
        browser.press("Escape")
        self.check("keyboard: Esc shows everything again", browser.until(self.VISIBLE, whole), whole)
        self.check("keyboard: Esc empties the search", browser.run("document.getElementById('search').value"), "")
        stops = []
        for _ in range(3):
            browser.press("j")
            stops.append(browser.run("document.activeElement.textContent.trim()"))
        self.check("keyboard: j goes on", len(set(stops)), 3)
        browser.press("k")
        self.check("keyboard: k goes back", browser.run("document.activeElement.textContent.trim()"), stops[1])
        before = browser.run("document.activeElement.parentElement.open")
        browser.press("Enter")
        self.check("keyboard: Enter unfolds", browser.run("document.activeElement.parentElement.open"), not before)
        browser.run("for (const one of document.querySelectorAll('.row')) one.open = false")
        browser.run("document.querySelector('.row > summary').focus()")
        browser.press("Enter")
        seen = browser.run("document.querySelector('.row dl').checkVisibility()")
        self.check("unfolding: where a change comes from is seen", seen)
        self.shot("night-unfolded")
        browser.click("#kinds input[value=suspend]")
        kinds = "[...document.querySelectorAll('.cause[data-kind]')].filter((one) => !one.hidden).map((one) => one.dataset.kind)"
        self.check("filter: only suspensions", set(browser.run(kinds)), {"suspend"})
        browser.click("#kinds input[value=suspend]")
        self.check("filter: all kinds again", len(set(browser.run(kinds))) > 1)
        self.quiet("keyboard")

    def paper(self):
        browser = self.browser
        self.open("crowd")
        closed = "document.querySelectorAll('.cause:not([open])').length"
        before = browser.run(closed)
        browser.run("dispatchEvent(new Event('beforeprint'))")
        self.check("print: everything is unfolded on paper", (before > 0, browser.run(closed)), (True, 0))
        browser.run("dispatchEvent(new Event('afterprint'))")
        self.check("print: and folded again", browser.run(closed), before)
        for name in ("night", "held", "review", "index"):
            self.open(name)
            people = browser.run("[...document.querySelectorAll('.row b, .seats .who')].map((one) => one.textContent)")
            browser.scheme("dark", media="print")
            ground = browser.run("getComputedStyle(document.body).backgroundColor")
            self.check(f"{name}, print: on white, also from a dark page", ground, "rgb(255, 255, 255)")
            tools = "['tools', 'theme'].filter((id) => document.getElementById(id)?.checkVisibility())"
            self.check(f"{name}, print: without tools", browser.run(tools), [])
            self.check(f"{name}, print: nothing is in the way", browser.run(ACCESSIBLE), [])
            browser.scheme("light")
            paper = base64.b64decode(browser.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)["data"])
            text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
            words = "".join(text.split())
            lost = [one for one in people if "".join(one.split()) not in words]
            self.check(f"{name}, print: everybody is on paper", (name == "index") == (not people) and lost, [])
            tools = [one for one in ("Search", "Keys:", "Skip to", "Dark") if one in text]
            self.check(f"{name}, print: no tool is on paper", tools, [])
            sheets = text.count("\f")
            print(f"     {name}: {sheets} sheets of paper")
            self.check(f"{name}, print: a few sheets", 1 <= sheets <= 5)
            if self.shots:
                (self.shots / f"{name}.pdf").write_bytes(paper)
                subprocess.run(["pdftoppm", "-r", "60", "-png", self.shots / f"{name}.pdf", self.shots / f"{name}-print"], check=True)
        self.quiet("print")

    def work(self):
        """What the browser did so far: how often it laid out the page, and for how many seconds scripts ran."""
        metrics = {one["name"]: one["value"] for one in self.browser.call("Performance.getMetrics")["metrics"]}
        return metrics["LayoutCount"], metrics["ScriptDuration"]

    def filtering(self, what, words, wanted):
        """Types into the search of the page of ten thousand: a row is touched at most once, and the page laid out a few times."""
        browser = self.browser
        browser.run("window.touched = { made: 0, turned: 0 }")
        layouts, scripts = self.work()
        began = time.monotonic()
        if words:
            browser.type(words)
        else:
            browser.press("Escape")
        shown = browser.until("document.getElementById('shown').textContent", wanted)
        browser.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        took = time.monotonic() - began
        after = self.work()
        touched = browser.run("touched")
        print(f"     crowd: {what} in {took:.2f} s, of it scripts {after[1] - scripts:.2f} s; {after[0] - layouts} layouts, "
              f"{touched['turned']} rows turned, {touched['made']} nodes made")
        self.check(f"crowd: {what}", shown, wanted)
        self.check(f"crowd: {what} within 30 s", took < 30)
        self.check(f"crowd: {what} turns each row once", touched["turned"] <= 10_000 + 20)
        self.check(f"crowd: {what} makes nothing but the count", touched["made"] <= 2)
        self.check(f"crowd: {what} lays out the page a few times", after[0] - layouts <= 20)

    def crowd(self):
        browser = self.browser
        began = time.monotonic()
        self.open("crowd")
        browser.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        loaded = time.monotonic() - began
        rows = browser.run("document.querySelectorAll('.row').length")
        size = (self.folder / "crowd.html").stat().st_size
        elements = browser.run("document.querySelectorAll('*').length")
        print(f"     crowd: {rows} rows, {size} bytes, {elements} elements, shown in {loaded:.2f} s")
        self.check("crowd: ten thousand changes are rows", rows, 10_000)
        self.check("crowd: shown within 30 s", loaded < 30)
        self.check("crowd: a row is at most half a kilobyte and 25 elements", size < 5_000_000 and elements < 250_000)
        browser.run("new MutationObserver((records) => { for (const one of records) {"
                    " touched.made += one.addedNodes.length; touched.turned += one.type === 'attributes'; } })"
                    ".observe(document, { subtree: true, childList: true, attributes: true })")
        self.shot("crowd")
        browser.press("/")
        self.filtering("search", "p777", "11 of 10,000 entries")
        self.check("crowd: what matches is unfolded", browser.run("[...document.querySelectorAll('.cause')].every((one) => one.hidden || one.open)"))
        self.shot("crowd-search")
        self.filtering("everything again", "", "10,000 entries")
        layouts = self.work()[0]
        began = time.monotonic()
        self.browser.run("for (const one of document.querySelectorAll('.cause')) one.open = true")
        browser.run("scrollTo(0, document.documentElement.scrollHeight / 2); new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        unfolded = time.monotonic() - began
        print(f"     crowd: unfolded and scrolled in {unfolded:.2f} s, {self.work()[0] - layouts} layouts")
        self.check("crowd: unfolded and scrolled within 60 s, laid out a few times", unfolded < 60 and self.work()[0] - layouts <= 20)
        self.shot("crowd-middle")
        self.quiet("crowd")

    def hostile(self):
        self.open("hostile")
        strange = "document.querySelectorAll('img, iframe, object, embed, base, form, textarea, link, plaintext, b i').length"
        self.check("hostile: no element of theirs", self.browser.run(strange), 0)
        handlers = "[...document.querySelectorAll('*')].filter((one) => [...one.attributes].some((each) => each.name.startsWith('on') || each.name === 'style')).length"
        self.check("hostile: no handler, no style", self.browser.run(handlers), 0)
        self.check("hostile: one script", self.browser.run("document.scripts.length"), 1)
        self.browser.press("/")
        self.browser.type("script")
        self.browser.until("document.getElementById('shown').textContent.includes(' of ')", True)
        self.shot("hostile", whole=True, most=3000)
        self.quiet("hostile")

    def without_script(self):
        self.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        self.open("night")
        document = self.browser.call("DOM.getDocument", depth=-1)["root"]
        found = []

        def walk(node):
            attributes = node.get("attributes", [])
            found.append((node["nodeName"], dict(zip(attributes[::2], attributes[1::2]))))
            for child in node.get("children", []):
                walk(child)

        walk(document)
        tools = next(attributes for _, attributes in found if attributes.get("id") == "tools")
        self.check("without the script: no search that does nothing", "hidden" in tools)
        rows = sum(attributes.get("class") == "row" for _, attributes in found)
        self.check("without the script: the changes are there", rows > 0)
        self.shot("without-script")
        self.browser.call("Emulation.setScriptExecutionDisabled", value=False)


# Where the tabulator stops, in the order of the page.
STOPS = "[...document.querySelectorAll('a[href], button, input, summary, [tabindex=\"0\"]')].filter((one) => one.checkVisibility())"

# Where one is: the place among the stops, whether an outline shows it, and what it says.
STOP = f"""
(() => {{
  const here = document.activeElement;
  const style = getComputedStyle(here.closest(".chip") ?? here);
  const box = here.getBoundingClientRect();
  const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.left >= 0 && box.width > 0;
  return [{STOPS}.indexOf(here), isSeen, here.textContent.trim().slice(0, 60)];
}})()
"""

# Of each violation the rule, where it is, and what is wrong.
AXE = """
axe.run(document, {reporter: "v2", resultTypes: ["violations"]}).then(({violations, passes}) => [
  violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target}: ${node.failureSummary}`)).slice(0, 20),
  passes.length,
])
"""

ACCESSIBLE = (pathlib.Path(__file__).parent / "accessible.js").read_text()


def main():
    folder = pathlib.Path(sys.argv[1])
    script = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
    shots = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            reader = Reader(browser, folder, script, shots)
            for part in (
                reader.pages, reader.night, reader.held, reader.review, reader.keyboard, reader.paper, reader.crowd, reader.hostile,
                reader.without_script,
            ):
                began = time.monotonic()
                part()
                print(f"     {part.__name__}: {time.monotonic() - began:.1f} s")
        finally:
            browser.close()
    if reader.wrong:
        print(f"{len(reader.wrong)} do not hold")
    return 1 if reader.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
