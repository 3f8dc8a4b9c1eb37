"""The lookup's page in a real browser: its scripts answer as `nova-states explain` does, and nothing of a paste leaks.

The form stands on a page of its own, with the real scripts and tables, so that no other part of the site is needed.
"""

from __future__ import annotations

import json
import re
import threading
from functools import partial
from gzip import compress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import Markup
from playwright.sync_api import Page, expect

from nova_states.catalog.catalog import load_catalog
from nova_states.explanations.loading import load_explanations
from nova_states.lookup.explainer import Explainer
from nova_states.lookup.filling import values_of
from nova_states.lookup.form import EXAMPLES, Links, build_form
from nova_states.lookup.log_lines import with_lines
from nova_states.lookup.message_packing import unpacked
from nova_states.lookup.message_patterns import keys_of
from nova_states.lookup.page_tables import page_tables, part_of
from nova_states.lookup.paste_reader import Problem, read_reports
from nova_states.lookup.table_cache import load_tables
from nova_states.lookup.tables_view import TablesView, find_version
from nova_states.lookup.triage import markdown_lines, triage
from nova_states.lookup.vocabulary import Vocabulary
from nova_states.rendering.environment import load_environment
from tests.lookup.cases import Case, generated_cases, samples, written_cases
from tests.lookup.damaged import damaged_pastes, whole_pastes
from tests.lookup.hostile import hostile_pastes
from tests.lookup.layouts import layout_pastes
from tests.lookup.told_pastes import told_pastes
from tests.site.held_requests import HeldRequests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).parents[2]
BASE_PATH = "/deep/base/"
SECRETS = ("hunter2", "web-secret", "IyEvYmluL3No")
SHOW = {
    "id": "5a1b8c1e-0000-4000-8000-000000000001",
    "name": "web-secret",
    "adminPass": "hunter2",
    "OS-EXT-SRV-ATTR:user_data": "IyEvYmluL3No",
    "OS-EXT-STS:vm_state": "active",
    "OS-EXT-STS:task_state": "deleting",
    "OS-EXT-STS:power_state": 1,
}


def with_keys(table: dict[str, Any]) -> dict[str, Any]:
    """A table of messages as the page has it in the end: it makes the keys itself."""
    return table | {"keys": keys_of(table["entries"])}


TABLES = load_tables("en")
MESSAGES = with_keys(unpacked(load_tables("messages_en")))
VOCABULARY = Vocabulary(tables=TABLES, messages_table=MESSAGES)
TEXTS = with_lines(TABLES["texts"], MESSAGES)
NOW = 1_795_737_600
FLEET = json.dumps([
    {
        "ID": str(number),
        "Name": f"n{number}|`x`",
        "Status": ["ACTIVE", "ERROR", "SHUTOFF"][number % 3],
        "Task State": ["deleting", None, None, None][number % 4],
        "Power State": ["Running", "NOSTATE", "Shutdown"][number % 3],
    }
    for number in range(60)
])  # fmt: skip
SAYING = """
  const { withLines } = await import(base + "assets/lookup/log_lines.js");
  const { partsFor } = await import(base + "assets/lookup/said_parts.js");
  const said = {};
  for (const part of PARTS) said[part] = await read(`said-en-${part}`);
  const usual = withLines(tables.texts, messages);
  const textsFor = (reports) => {
    const help = [...partsFor(reports, usual)].map((part) => said[part]);
    return { ...usual, help: Object.assign({}, usual.help, ...help) };
  };
""".replace("PARTS", json.dumps(sorted(page_tables("en").said)))
"""What is said of some reports, of which a page has no more than it asks for."""
ANSWER = """async ([cases, base, times, now]) => {
  const { explain, findVersion, View } = await import(base + "assets/lookup/answering.js");
  const { readReports } = await import(base + "assets/lookup/reading/reader.js");
  const { Vocabulary } = await import(base + "assets/lookup/report.js");
  const read = async (name) => (await fetch(`${base}assets/lookup/${name}.json`)).json();
  const { addStepLines } = await import(base + "assets/lookup/step_lines.js");
  const tables = addStepLines(await read("en"), await read("steps"));
  const messages = await read("messages-en");
  SAYING
  const vocabulary = Object.assign(new Vocabulary(tables, messages), await read("said-en-questions"));
  const answered = (input, release) => {
    const found = readReports(input, vocabulary);
    const view = new View(tables, findVersion(tables, release));
    if (found.problem) return found;
    const texts = textsFor(found.reports);
    return found.reports.map((report) => explain(view, texts, report, now));
  };
  return cases.map(([input, release]) => {
    const spent = [];
    for (let time = 0; time < times; time += 1) {
      const start = performance.now();
      answered(input, release);
      spent.push(performance.now() - start);
    }
    return times ? Math.min(...spent) : answered(input, release);
  });
}""".replace("SAYING", SAYING)
"""Answers to cases or, asked to answer each so many times, the milliseconds that the quickest of each took."""

TABLE = """async ([pastes, base, now]) => {
  const { explainShared, ownOf, View } = await import(base + "assets/lookup/answering.js");
  const { valuesOf } = await import(base + "assets/lookup/filling.js");
  const { readReports } = await import(base + "assets/lookup/reading/reader.js");
  const { Vocabulary } = await import(base + "assets/lookup/report.js");
  const { markdownOf, triage } = await import(base + "assets/lookup/triage.js");
  const read = async (name) => (await fetch(`${base}assets/lookup/${name}.json`)).json();
  const tables = await read("en");
  const messages = await read("messages-en");
  SAYING
  const vocabulary = Object.assign(new Vocabulary(tables, messages), await read("said-en-questions"));
  const view = new View(tables, tables.latest);
  return pastes.map((paste) => {
    const { reports = [] } = readReports(paste, vocabulary);
    const texts = textsFor(reports);
    const answers = reports.map((report) => {
      const shared = explainShared(view, texts, report, now);
      const values = valuesOf(report);
      return { ...shared, ...ownOf(report, shared, now), id: report.id, name: report.name, shared, values };
    });
    return markdownOf(triage(answers, texts, view.powerStates), texts);
  });
}""".replace("SAYING", SAYING)
"""Tables for triage of pastes, as Markdown."""


class _Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(BASE_PATH))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def lookup_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a site that has the lookup of each language and nothing else."""
    folder = tmp_path_factory.mktemp("lookup-site")
    (folder / "assets").symlink_to(_assets(folder))
    for language in ("ko", "en"):
        page = folder / language / "lookup" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(_page(language), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{BASE_PATH}"
        server.shutdown()
        thread.join()


def _assets(folder: Path) -> Path:
    """The scripts and style sheets as they are, with the tables beside them."""
    made = folder / "made"
    (made / "lookup" / "reading").mkdir(parents=True)
    source = ROOT / "docs" / "assets"
    for path in (*source.glob("*.css"), *source.glob("*.js"), *source.glob("lookup/**/*.js")):
        (made / path.relative_to(source)).write_bytes(path.read_bytes())
    for language in ("ko", "en"):
        fetched = page_tables(language)
        (made / "lookup" / f"{language}.json").write_text(fetched.tables, encoding="utf-8")
        (made / "lookup" / f"messages-{language}.json").write_text(fetched.messages, encoding="utf-8")
        (made / "lookup" / "steps.json").write_text(fetched.steps, encoding="utf-8")
        for part, text in fetched.said.items():
            (made / "lookup" / f"said-{language}-{part}.json").write_text(text, encoding="utf-8")
    return made


def _page(language: str) -> str:
    links = Links(
        tables=f"../../assets/lookup/{language}.json",
        messages=f"../../assets/lookup/messages-{language}.json",
        said=f"../../assets/lookup/said-{language}-{{part}}.json",
        steps="../../assets/lookup/steps.json",
        root="../",
        source="https://opendev.org/openstack/nova/src/tag/{version}/{file}#L{line}",
    )
    form = build_form(load_catalog(), load_explanations(), language, links)
    macro = load_environment().get_template("macros/lookup.html.jinja").module
    drawn: Markup = macro.lookup(form)  # type: ignore[attr-defined]
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>lookup</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="../../assets/site.css"><link rel="stylesheet" href="../../assets/lookup.css">'
        '<script type="module" src="../../assets/lookup.js"></script>'
        f'<body data-md-color-scheme="default"><main class="md-typeset"><h1>lookup</h1>{drawn}</main></body></html>'
    )


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def lookup(context: BrowserContext, lookup_site: str) -> Iterator[Page]:
    """Return the English lookup, ready; the test fails if a script went wrong or anything else was asked for."""
    page = context.new_page()
    errors: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{lookup_site}en/lookup/")
    ready(page)
    yield page
    assert errors == []
    assert [url for url in requests if not url.startswith((lookup_site, "data:"))] == []
    assert [url for url in requests if any(secret in url for secret in SECRETS)] == []


def ready(page: Page) -> None:
    """Turn to the form, as nothing is fetched before, and wait until all is there."""
    page.locator("form[data-lookup][data-started]").wait_for()
    page.wait_for_function(
        # An address folds the form when it is answered: what was there to be turned to a moment ago may be hidden.
        """() => {
            const form = document.querySelector("form[data-lookup]");
            const parts = [...form.querySelectorAll("[data-lookup-open], textarea")];
            const shown = parts.find((part) => part.checkVisibility());
            if (!form.contains(document.activeElement)) shown?.focus();
            return form.hasAttribute("data-ready");
        }"""
    )


def paste(page: Page, text: str) -> None:
    ask(page, text)
    # What is said of some records is fetched when the first of them is pasted.
    expect(page.locator("[data-lookup-answer][aria-busy]")).to_have_count(0)


def ask(page: Page, text: str) -> None:
    write(page, text)
    page.get_by_role("button", name="Look up").click()


def write(page: Page, text: str) -> None:
    if page.locator("form[data-folded]").count():
        page.locator("[data-lookup-open]").click()
    page.locator("form[data-lookup] textarea").fill(text)


def by_python(case: Case) -> Any:  # noqa: ANN401
    found = read_reports(case.input, VOCABULARY)
    if isinstance(found, Problem):
        named = {"product": found.product} if found.product else {}
        return {"problem": found.id, "nearest": list(found.nearest), **named}
    version = find_version(TABLES, case.release)
    assert version
    explainer = Explainer(view=TablesView(tables=TABLES, version=version), texts=TEXTS, now=NOW)
    return [explainer.tell(report) for report in found]


def all_cases() -> list[Case]:
    sampled = [
        Case(name=str(number), input=json.dumps(sample["server"]), release=sample["release"])
        for number, sample in enumerate(samples())
    ]
    return [*written_cases(), *sampled, *generated_cases(load_catalog())]


def differences(page: Page, cases: list[Case], site: str) -> list[Any]:
    """The first of what the page answers otherwise than the command line."""
    answered = page.evaluate(ANSWER, [[[case.input, case.release] for case in cases], site, 0, NOW])
    pairs = [(case, found, by_python(case)) for case, found in zip(cases, answered, strict=True)]
    return [(case.name, found, expected) for case, found, expected in pairs if found != expected][:3]


def table_by_python(paste: str) -> str:
    found = read_reports(paste, VOCABULARY)
    explainer = Explainer(view=TablesView(tables=TABLES, version=TABLES["latest"]), texts=TEXTS, now=NOW)
    answers = [
        (explainer.explain(report), explainer.tell(report), values_of(report))
        for report in ([] if isinstance(found, Problem) else found)
    ]
    groups = triage(answers, TABLES["texts"], explainer.view.power_states)
    return "".join(f"{line}\n" for line in markdown_lines(groups, TABLES["texts"]))


def hostile_cases() -> list[Case]:
    return [Case(name=text[:80], input=text, release="latest") for text in hostile_pastes()]


def test_the_page_and_the_command_line_give_one_answer(lookup: Page, lookup_site: str) -> None:
    assert differences(lookup, all_cases(), lookup_site) == []


def test_hostile_pastes_are_read_alike(lookup: Page, lookup_site: str) -> None:
    assert differences(lookup, hostile_cases(), lookup_site) == []


def test_pastes_of_every_kind_are_read_alike(lookup: Page, lookup_site: str) -> None:
    assert differences(lookup, damaged_cases(300), lookup_site) == []


def test_every_layout_is_read_alike(lookup: Page, lookup_site: str) -> None:
    cases = [Case(name=text[:80], input=text, release="latest") for text in layout_pastes()]
    assert differences(lookup, cases, lookup_site) == []


@pytest.mark.all_pages
@pytest.mark.xdist_group("three thousand")
def test_three_thousand_damaged_pastes_are_read_alike(lookup: Page, lookup_site: str) -> None:
    assert differences(lookup, damaged_cases(3_000), lookup_site) == []


def test_lines_of_logs_and_faults_are_answered_alike(lookup: Page, lookup_site: str) -> None:
    pastes = list(told_pastes(TEXTS, MESSAGES))
    cases = [Case(name=text[:80], input=text, release="latest") for text in pastes]
    assert len(cases) > 500
    assert differences(lookup, cases, lookup_site) == []


def test_the_page_and_the_command_line_make_one_table(lookup: Page, lookup_site: str) -> None:
    # What each of the hostile ones is read as is compared above; few of them have anything to put in a table.
    some_hostile = [case.input for case in hostile_cases()[::10]]
    pastes = [*whole_pastes(), *some_hostile, FLEET, *EXAMPLES.values()]
    made = lookup.evaluate(TABLE, [pastes, lookup_site, NOW])
    assert [pair for pair in zip(made, map(table_by_python, pastes), strict=True) if pair[0] != pair[1]][:3] == []


def damaged_cases(count: int) -> list[Case]:
    return [Case(name=text[:80], input=text, release="latest") for text in (*whole_pastes(), *damaged_pastes(count))]


@pytest.mark.timing
@pytest.mark.parametrize(("cases", "milliseconds"), [(all_cases, 50), (hostile_cases, 1000)])
def test_an_answer_is_there_at_once(
    lookup: Page, lookup_site: str, cases: Callable[[], list[Case]], milliseconds: int
) -> None:
    asked = cases()
    spent = lookup.evaluate(ANSWER, [[[case.input, case.release] for case in asked], lookup_site, 3, NOW])
    assert [case.name for case, time in zip(asked, spent, strict=True) if time >= milliseconds] == []


@pytest.mark.timing
@pytest.mark.parametrize("count", [1, 100])
def test_an_answer_is_shown_at_once(lookup: Page, count: int) -> None:
    """In processor time of the page's own thread, from the paste to the picture."""
    servers = [
        SHOW | {"id": str(number), "OS-EXT-STS:vm_state": vm_state, "OS-EXT-STS:task_state": task, "status": None}
        for number, (vm_state, task) in zip(
            range(count),
            cycle(product(("active", "error", "stopped", "paused"), (None, "deleting", "powering-off"))),
            strict=False,
        )
    ]
    devtools = lookup.context.new_cdp_session(lookup)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(1000 * float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")

    times = []
    for _ in range(5):
        before = spent()
        lookup.evaluate(
            """(text) => {
              const { lookup } = document.forms[0];
              lookup.paste.value = text;
              lookup.read(true);
              document.body.getBoundingClientRect();
            }""",
            json.dumps(servers),
        )
        times.append(spent() - before)
    assert min(times) < 50


def test_nothing_of_a_hostile_paste_is_executed_and_each_has_a_clear_answer(lookup: Page) -> None:
    shown = lookup.evaluate(
        """(pastes) => {
          const { lookup } = document.querySelector("form[data-lookup]");
          return pastes.map((paste) => {
            lookup.paste.value = paste;
            lookup.read();
            return [lookup.headline.textContent, location.search.length,
                    lookup.output.querySelectorAll("script, img, iframe, svg, [onerror], [onload]").length];
          });
        }""",
        list(hostile_pastes()),
    )
    lookup.wait_for_timeout(200)
    assert lookup.evaluate("window.hacked") is None
    assert all(headline for headline, *_ in shown)
    assert max(length for _, length, _ in shown) < 200
    assert {elements for *_, elements in shown} == {0}


@pytest.mark.parametrize(("language", "kilobytes"), [("ko", 120), ("en", 111)])
def test_the_data_of_a_language_is_small(language: str, kilobytes: int) -> None:
    fetched = page_tables(language)
    tables, messages = (len(compress(text.encode())) for text in (fetched.tables, fetched.messages))
    assert tables < 65_000, "what an address waits for"
    assert tables + messages < kilobytes * 1000
    largest = max(len(compress(text.encode())) for text in fetched.said.values())
    assert tables + messages + largest < 129_000, (
        "what a paste with a record beside servers, a line or a cause waits for"
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_said_is_in_the_part_that_a_page_asks_for(language: str) -> None:
    for part, text in page_tables(language).said.items():
        assert {part_of(name) for name in json.loads(text)} == {part}


def test_only_a_paste_waits_for_the_messages(lookup: Page, lookup_site: str) -> None:
    held = HeldRequests(lookup, "**/messages-en.json")
    lookup.goto(f"{lookup_site}en/lookup/?vm_state=active&task_state=deleting")
    expect(lookup.get_by_role("status")).to_have_text("ACTIVE: in progress")
    expect(lookup.locator("form[data-lookup][data-ready]")).to_have_count(0)
    ask(lookup, '{"vm_state": "stopped", "task_state": null, "power_state": 4}')
    expect(lookup.get_by_role("status")).not_to_contain_text("SHUTOFF")
    held.release()
    expect(lookup.get_by_role("status")).to_have_text("SHUTOFF: stable")


def test_a_paste_that_the_messages_overtake_folds_the_form_as_any_does(lookup: Page, lookup_site: str) -> None:
    held = HeldRequests(lookup, "**/messages-en.json")
    lookup.goto(f"{lookup_site}en/lookup/")
    lookup.locator("form[data-lookup][data-started]").wait_for()
    lookup.clock.install()
    lookup.locator("textarea").focus()
    held.wait()
    put_in(lookup, '{"vm_state": "stopped", "task_state": null, "power_state": 4}')
    held.release()
    expect(lookup.locator("form[data-ready]")).to_have_count(1)
    lookup.clock.run_for(1000)
    expect(lookup.locator("textarea")).to_be_hidden()


def test_no_answer_is_shown_while_a_part_of_it_is_on_its_way(lookup: Page) -> None:
    held = HeldRequests(lookup, "**/said-en-*.json")
    ask(lookup, "No valid host was found.")
    held.wait()
    # Whoever asks once more meanwhile has nothing sooner, and nothing is fetched twice.
    ask(lookup, "No valid host was found. There are not enough hosts available.")
    expect(lookup.locator("[data-lookup-answer][aria-busy]")).to_have_count(1)
    expect(lookup.locator("[data-lookup-answer]")).to_be_empty()
    assert len(set(held.urls)) == len(held.urls)
    held.release()
    expect(lookup.locator("[data-lookup-answer]")).to_contain_text("No host can take the server.")


def test_only_words_beside_records_wait_for_what_tells_a_question(lookup: Page) -> None:
    asked: list[str] = []
    lookup.on("request", lambda request: asked.append(request.url))
    listed = "| ID | Name | Status | Task State | Power State |\n| 1 | web | ACTIVE | None | Running |\n"
    listed += "| 2 | old | SHUTOFF | None | Shutdown |\n"
    answer = lookup.locator("[data-lookup-answer]")
    ask(lookup, listed)
    expect(answer).to_contain_text("2 servers")
    assert not [url for url in asked if "questions" in url]
    ask(lookup, f"{listed}who turned it off?")
    expect(answer).to_contain_text("A stop without a user was the power sync")
    expect(answer).to_contain_text("2 servers")
    assert len([url for url in asked if "questions" in url]) == 1
    ask(lookup, "who deleted it?")
    expect(answer).to_contain_text("The records of actions tell who asked for what.")


def test_a_paste_is_answered_with_states_actions_and_evidence(lookup: Page) -> None:
    paste(lookup, json.dumps(SHOW))
    answer = lookup.get_by_role("region", name="Answer")
    expect(lookup.get_by_role("status")).to_have_text("ACTIVE: in progress")
    expect(answer.get_by_role("link", name="ACTIVE", exact=True).first).to_have_attribute(
        "href", _ends("/en/status/active/")
    )
    expect(answer.get_by_text(f"openstack server delete --force {SHOW['id']}")).to_be_visible()
    evidence = answer.get_by_role("link", name="Evidence manager.py").first
    expect(evidence).to_have_attribute("href", _ends(r"/nova/compute/manager\.py#L\d+"))
    assert lookup.locator("[name=vm_state]").input_value() == "active"
    assert lookup.locator("[name=task_state]").input_value() == "deleting"


def _ends(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{pattern}$")


def test_the_address_carries_the_answer_and_no_secret(lookup: Page, context: BrowserContext) -> None:
    paste(lookup, json.dumps(SHOW))
    lookup.locator("[name=release]").select_option("13.1.4")
    expect(lookup).to_have_url(
        _ends(re.escape("/en/lookup/?vm_state=active&task_state=deleting&power_state=1&release=13.1.4"))
    )
    sent = context.new_page()
    sent.goto(lookup.url)
    ready(sent)
    expect(sent.get_by_role("status")).to_have_text("ACTIVE: in progress")
    expect(sent.get_by_role("region")).to_contain_text("Nova 13.1.4")
    assert sent.locator("[name=release]").input_value() == "13.1.4"


def test_an_address_may_name_any_release_by_any_name(lookup: Page, lookup_site: str) -> None:
    lookup.goto(f"{lookup_site}en/lookup/?vm_state=error&task_state=none&power_state=4&release=queens")
    ready(lookup)
    expect(lookup.get_by_role("region")).to_contain_text("Nova 17.0.13")
    lookup.goto(f"{lookup_site}en/lookup/?status=REBUILD&release=25.0.1&launched=no")
    ready(lookup)
    expect(lookup.get_by_role("region")).to_contain_text("Nova 25.0.1")
    assert lookup.url.endswith("?status=REBUILD&launched=no&release=25.0.1")


def test_what_another_release_does_is_fetched_once_somebody_asks_for_it(lookup: Page) -> None:
    held = HeldRequests(lookup, "**/steps.json")
    paste(lookup, json.dumps(SHOW))
    assert not held.urls
    lookup.locator("[name=release]").select_option("13.1.4")
    held.wait()
    expect(lookup.locator("[data-lookup-answer][aria-busy]")).to_have_count(1)
    held.release()
    expect(lookup.get_by_role("region")).to_contain_text("Nova 13.1.4")
    expect(lookup.get_by_role("region").get_by_role("link", name="Evidence").first).to_have_attribute(
        "href", re.compile("/13.1.4/")
    )
    lookup.locator("[name=release]").select_option("17.0.13")
    expect(lookup.get_by_role("region")).to_contain_text("Nova 17.0.13")
    assert len(held.urls) == 1


def test_a_release_of_which_nothing_comes_is_not_answered_with_another(lookup: Page) -> None:
    paste(lookup, json.dumps(SHOW))
    lookup.route("**/steps.json", lambda route: route.abort())
    lookup.locator("[name=release]").select_option("13.1.4")
    expect(lookup.get_by_role("status")).to_have_text(re.compile("could not be loaded"))
    expect(lookup.locator("[data-lookup-answer]")).to_be_empty()
    lookup.unroute("**/steps.json")
    lookup.locator("[name=release]").select_option("17.0.13")
    expect(lookup.get_by_role("region")).to_contain_text("Nova 17.0.13")


def test_a_refusal_can_be_sent_too(lookup: Page) -> None:
    paste(lookup, f"Cannot 'confirmResize' instance {SHOW['id']} while it is in vm_state active (HTTP 409)")
    expect(lookup.get_by_role("region")).to_contain_text("'confirmResize'")
    assert lookup.url.endswith("?vm_state=active&action=confirmresize")
    lookup.reload()
    ready(lookup)
    expect(lookup.get_by_role("region")).to_contain_text("confirm_resize refused, vm_state active")


def test_an_error_leads_to_what_is_said_of_it(lookup: Page) -> None:
    paste(lookup, "No valid host was found. There are not enough hosts available.")
    link = lookup.get_by_role("region").get_by_role("link", name="NoValidHost")
    assert str(link.get_attribute("href")).endswith("en/error/novalidhost/")
    paste(lookup, '{"ID": 7, "UUID": null, "Status": "post-migrating", "Source Compute": "a", "Dest Compute": "b"}')
    link = lookup.get_by_role("region").get_by_role("link", name="post-migrating")
    assert str(link.get_attribute("href")).endswith("en/migration_status/#post-migrating")


def test_the_release_switch_says_whether_anything_changed(lookup: Page) -> None:
    paste(lookup, '{"vm_state": "active", "task_state": "powering-off", "power_state": 1}')
    region = lookup.get_by_role("region")
    expect(region).not_to_contain_text("the latest release")
    lookup.locator("[name=release]").select_option("13.1.4")
    expect(region).to_contain_text("13.1.4 decides otherwise than the latest release.")


def test_values_can_be_chosen_with_the_keyboard_alone(lookup: Page) -> None:
    lookup.locator("textarea").focus()
    while lookup.evaluate("document.activeElement.name") != "vm_state":
        lookup.keyboard.press("Tab")
    lookup.keyboard.type("error")
    lookup.keyboard.press("Tab")
    lookup.keyboard.type("no task")
    expect(lookup.get_by_role("status")).to_have_text("ERROR: needs attention")
    assert lookup.evaluate("document.activeElement.name") == "task_state"


def test_clearing_takes_answer_and_address_away(lookup: Page) -> None:
    paste(lookup, "SHUTOFF")
    expect(lookup.get_by_role("status")).to_have_text("SHUTOFF: unknown")
    lookup.get_by_role("button", name="Clear").click()
    expect(lookup.get_by_role("status")).to_be_empty()
    assert lookup.url.endswith("/lookup/")


def test_nothing_is_fetched_before_somebody_turns_to_the_form(context: BrowserContext, lookup_site: str) -> None:
    page = context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    page.goto(f"{lookup_site}en/lookup/?utm_source=x")
    page.locator("form[data-started]").wait_for()
    assert [name for name in fetched if name.endswith(".json")] == []
    page.locator("textarea").focus()
    page.locator("form[data-ready]").wait_for()
    assert sorted(name for name in fetched if name.endswith(".json")) == ["en.json", "messages-en.json"]


def test_an_answer_folds_the_form_and_a_button_opens_it_again(lookup: Page) -> None:
    paste(lookup, json.dumps(SHOW))
    box, change = lookup.locator("textarea"), lookup.get_by_role("button", name="Change")
    expect(box).to_be_hidden()
    expect(lookup.locator("[data-lookup-told]")).to_have_text(
        f"Read: web-secret {SHOW['id']} · ACTIVE / active / deleting / 1 RUNNING"
    )
    assert change.get_attribute("aria-expanded") == "false"
    expect(lookup.get_by_role("region").get_by_role("heading", level=2)).to_be_focused()
    change.focus()
    lookup.keyboard.press("Enter")
    expect(box).to_be_focused()
    assert box.input_value() == json.dumps(SHOW)
    lookup.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(change).to_be_focused()


def test_what_is_typed_or_not_understood_leaves_the_form_open_and_what_is_pasted_folds_it(lookup: Page) -> None:
    box = lookup.locator("textarea")
    box.press_sequentially("SHUTOFF")
    expect(lookup.get_by_role("status")).to_have_text("SHUTOFF: unknown")
    expect(box).to_be_focused()
    put_in(lookup, "nothing of Nova")
    expect(lookup.get_by_role("status")).to_contain_text("No states of a server in this")
    expect(box).to_be_focused()
    put_in(lookup, "SHUTOFF")
    expect(box).to_be_hidden()
    expect(lookup.get_by_role("heading", name="SHUTOFF")).to_be_focused()


def put_in(page: Page, text: str) -> None:
    """Put a text in as a browser does where somebody pastes it."""
    page.locator("textarea").evaluate(
        """(box, text) => {
          box.value = text;
          box.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" }));
        }""",
        text,
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_answered(lookup: Page, name: str) -> None:
    lookup.locator("[data-lookup-example]").nth(list(EXAMPLES).index(name)).click()
    expect(lookup.locator("textarea")).to_be_hidden()
    expect(lookup.get_by_role("region")).not_to_be_empty()
    assert lookup.evaluate("document.forms[0].lookup.answers.every(({ why, unread }) => why !== '' && !unread.length)")


def test_the_lists_keep_nothing_of_what_was_pasted_before(lookup: Page) -> None:
    others = (
        "No valid host was found.",
        "2026-01-05 08:00:00.000 7 ERROR nova.compute.manager [-] Failed to complete a deletion",
        '{"migrations": [{"id": 4, "status": "error", "migration_type": "live-migration", "source_compute": "c1"}]}',
        json.dumps([SHOW, SHOW | {"id": "2"}]),
        "nothing of Nova",
    )
    for text in others:
        paste(lookup, json.dumps(SHOW))
        assert chosen(lookup) == ["active", "deleting", "1"]
        paste(lookup, text)
        assert chosen(lookup) == ["", "", ""], text
    paste(lookup, f"Cannot 'start' instance {SHOW['id']} while it is in vm_state active (HTTP 409)")
    assert chosen(lookup) == ["active", "", ""], "the message tells of no task"


def chosen(page: Page) -> list[str]:
    return [page.locator(f"[name={name}]").input_value() for name in ("vm_state", "task_state", "power_state")]


def test_an_address_names_errors_and_its_answer_is_theirs(lookup: Page, context: BrowserContext) -> None:
    fault = {"message": "No valid host was found. hunter2", "code": 500, "created": "2026-01-05T08:00:00Z"}
    server = SHOW | {"OS-EXT-STS:vm_state": "error", "OS-EXT-STS:task_state": None, "fault": fault}
    for text, query in (
        ("No valid host was found. hunter2", "?error=NoValidHost"),
        (json.dumps(server), "?vm_state=error&task_state=none&power_state=1&error=NoValidHost"),
    ):
        paste(lookup, text)
        assert lookup.url.endswith(f"/en/lookup/{query}")
        sent = context.new_page()
        sent.goto(lookup.url)
        expect(sent.get_by_role("status")).not_to_be_empty()
        assert told(sent) == told(lookup)
        expect(sent.locator("textarea")).to_be_hidden()
        sent.close()


def told(page: Page) -> Any:  # noqa: ANN401
    """What an answer says of any server."""
    return page.evaluate(
        """() => {
          const [{ verdict, why, shared, runbook }] = document.forms[0].lookup.answers;
          return [verdict, why, shared.steps, runbook];
        }"""
    )


def test_what_an_address_has_that_nobody_knows_is_said_in_one_line(lookup: Page, lookup_site: str) -> None:
    lookup.goto(
        f"{lookup_site}en/lookup/?vm_state=zombie&task_state=deleting&release=99&error=Nope&action=%00%3Cb%3E&power_state="
    )
    region = lookup.get_by_role("region")
    expect(region).to_contain_text(
        "Not known, and left out of the address: vm_state zombie, action <b>, error Nope, release 99"
    )
    expect(region).to_contain_text("deleting")
    assert lookup.url.endswith("/en/lookup/?task_state=deleting")
    lookup.goto(f"{lookup_site}en/lookup/?vm_state=zombie&release=%ff")
    expect(lookup.get_by_role("status")).to_contain_text("left out of the address: vm_state zombie, release")
    expect(region).to_be_empty()


def test_an_answer_of_what_nova_does_not_know_has_no_address(lookup: Page) -> None:
    paste(lookup, '{"vm_state": "active", "task_state": "hunter2", "power_state": 1}')
    expect(lookup.get_by_role("region")).to_contain_text("hunter2")
    assert lookup.url.endswith("/en/lookup/")


def test_a_list_is_a_table_that_can_be_filtered_and_copied(lookup: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    paste(lookup, FLEET)
    rows = lookup.locator(".lookup__triage tbody tr")
    expect(rows).to_have_count(table_by_python(FLEET).count("\n") - 2)
    verdicts = [text.split("\n")[0].strip() for text in rows.locator("th").all_inner_texts()]
    order = ["needs attention", "inconsistent", "unknown", "in progress", "stable"]
    ranks = [next(order.index(name) for name in order if text.startswith(name)) for text in verdicts]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2
    lookup.get_by_role("button", name="in progress").click()
    expect(lookup.get_by_role("button", name="in progress")).to_have_attribute("aria-pressed", "true")
    expect(rows.locator("th").filter(has_not_text="in progress")).to_have_count(0)
    lookup.get_by_role("button", name="in progress").click()
    lookup.get_by_role("searchbox").fill("N57|")
    lookup.keyboard.press("Enter")
    expect(lookup.locator(".lookup__count")).to_have_text("1 of 60")
    expect(rows).to_have_count(1)
    lookup.get_by_role("button", name="Copy as Markdown").click()
    copied = lookup.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0] == "| Verdict | State | Servers | What to do |"
    assert copied.count("\n") == 3
    assert r"n57\|\`x\` 57" in copied
    lookup.get_by_role("searchbox").fill("")
    lookup.get_by_role("combobox", name="State").select_option(index=1)
    expect(lookup.locator(".lookup__count")).not_to_be_empty()


def test_one_answer_is_copied_as_text(lookup: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    paste(lookup, json.dumps(SHOW))
    lookup.get_by_role("button", name="Copy as text").click()
    copied = lookup.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[0] == f"web-secret {SHOW['id']}, ACTIVE active / deleting / 1 RUNNING, Nova 34.0.0"
    assert copied[1].startswith("in progress: ")
    assert copied[2].startswith("1. ")
    assert copied[-1] == lookup.url


def test_a_fleet_is_summed_up_without_an_address(lookup: Page) -> None:
    servers = [
        {"ID": str(n), "Name": f"n{n}", "Status": ["ACTIVE", "ERROR"][n % 2], "Task State": None} for n in range(60)
    ]
    paste(lookup, json.dumps(servers))
    expect(lookup.get_by_role("status")).to_have_text("60 servers")
    region = lookup.get_by_role("region")
    expect(region).to_contain_text("needs attention 30")
    names = region.locator(".lookup__triage tr").nth(1).locator("td").nth(1)
    expect(names.locator("li")).to_have_count(8)
    names.get_by_text("… and 22 more").click()
    expect(names.locator("li")).to_have_count(30)
    expect(region.get_by_role("link", name="ERROR").first).to_have_attribute(
        "href", _ends(r"\?task_state=none&status=ERROR")
    )
    assert lookup.url.endswith("/lookup/")


def test_it_answers_in_korean_without_the_network_once_loaded(context: BrowserContext, lookup_site: str) -> None:
    page = context.new_page()
    page.goto(f"{lookup_site}ko/lookup/")
    ready(page)
    context.set_offline(True)
    page.locator("textarea").fill("다음 상태에서는 인스턴스 x에 'reboot' 조치를 수행할 수 없음: vm_state error")
    expect(page.get_by_role("status")).to_have_text("ERROR: 조치 필요")
    expect(page.get_by_role("region", name="진단 결과")).to_contain_text("지금 할 수 있는 일")


def test_without_script_it_says_what_to_do_instead(browser: Browser, lookup_site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{lookup_site}en/lookup/")
    expect(page.get_by_text("This box needs script")).to_be_visible()
    page.locator("textarea").fill("hunter2")
    page.get_by_role("button", name="Look up").click()
    assert "hunter2" not in page.url
    context.close()


def test_it_fits_a_phone(lookup: Page) -> None:
    lookup.set_viewport_size({"width": 360, "height": 740})
    for text in (json.dumps(SHOW), '{"vm_state": "error", "task_state": null, "power_state": 1}'):
        paste(lookup, text)
        expect(lookup.get_by_role("status")).not_to_be_empty()
        lookup.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        assert lookup.evaluate("document.documentElement.scrollWidth") <= 360


def test_every_field_and_region_has_a_name(lookup: Page) -> None:
    assert [box.get_attribute("name") for box in lookup.get_by_role("combobox").all()] == [
        "vm_state", "task_state", "power_state", "release",
    ]  # fmt: skip
    for name in ("vm_state", "task_state", "power_state", "Release"):
        expect(lookup.get_by_role("combobox", name=name, exact=True)).to_be_visible()
    expect(lookup.get_by_role("textbox", name="Paste what you have")).to_have_accessible_description(
        _ends(".*sent nowhere.*")
    )


@pytest.mark.parametrize("path", ["ko/", "en/lookup/"])
def test_the_site_answers_on_its_home_and_at_lookup(page: Page, served_site: str, path: str) -> None:
    page.goto(f"{served_site}{path}?vm_state=suspended&task_state=none&power_state=4&release=mitaka")
    ready(page)
    region = page.locator("[data-lookup-answer]")
    expect(region).to_contain_text("SUSPENDED")
    expect(region).to_contain_text("Nova 13.1.4")
    link = region.locator("a.chip--vm_state").first
    expect(link).to_have_attribute("href", _ends("/repo/(ko|en)/vm_state/suspended/"))
    link.click()
    expect(page.locator("h1")).to_contain_text("suspended")
