"""The MkDocs plugin: assembles the folder MkDocs builds, and gives each page its language. No facts, no HTML here.

It changes `docs_dir` rather than naming build/docs in mkdocs.yml, because MkDocs demands that the folder of mkdocs.yml
exist before any plugin may create it.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.utils import get_relative_url, meta

from nova_states.errors import NovaStatesError
from nova_states.pages.urls import COMPARE, file_of
from nova_states.rendering.theme_templates import find_own_templates
from nova_states.site.assembly import assemble, make_readable
from nova_states.site.content import newest_facts, render_site
from nova_states.site.content_security import POLICY, SERVED_POLICY, InlineScripts
from nova_states.site.descriptions import tell_apart
from nova_states.site.folder_navigations import FolderNavigations
from nova_states.site.generated_page import PERMALINK_TITLE, GeneratedPage, PageHead, read_head
from nova_states.site.language import Language, link_translations, name_alternates, read_languages, speak
from nova_states.site.lens_serving import answer_on_request, finish_lens_file, is_lens_file
from nova_states.site.navigation import plan_navigation, split_navigation
from nova_states.site.rebuilding import KEPT, model_fingerprint
from nova_states.site.theme_patches import patch_theme
from nova_states.site.written_page import WrittenPage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

log = logging.getLogger("mkdocs.plugins.nova-states")


class Options(Config):  # type: ignore[no-untyped-call] # MkDocs leaves __init_subclass__ untyped
    """What mkdocs.yml says below `nova-states:`."""

    languages = config_options.Type(dict)
    """By code: see `nova_states.site.language.Language`."""
    navigation = config_options.Type(list)
    """See `nova_states.site.navigation.plan_navigation`."""


class NovaStatesPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call] # as above
    """Makes `mkdocs build` and `mkdocs serve` work on their own."""

    _languages: dict[str, Language]
    _heads: dict[str, PageHead]
    """Of generated pages, by path."""
    _descriptions: dict[str, str]
    """Likewise."""
    _paths: frozenset[str]
    """Of all pages, generated and written."""
    _navigations: dict[str, Navigation]
    _folder_navigations: FolderNavigations
    _facts: Mapping[str, str]
    """Release and date of the newest facts, for the footer."""
    _scripts: InlineScripts
    _policy = POLICY
    _is_served = False

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Let MkDocs reload the pages that it serves, and keep what it builds for the next time."""
        self._is_served = command == "serve"
        if self._is_served:
            self._policy = SERVED_POLICY

    def on_config(self, config: MkDocsConfig) -> None:
        """Render and assemble everything before MkDocs looks at its folder."""
        # A build makes millions of objects and next to no garbage; looking for it takes a fifth of the time.
        gc.disable()
        # Pages carry no date, and equal input must give equal bytes: this is the clock that MkDocs reads.
        os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
        self._scripts = KEPT.scripts if self._is_served else InlineScripts()
        self._languages = read_languages(self.config.languages)
        root = Path(config.config_file_path).parent
        if self._is_served:
            KEPT.folder.begin()
        try:
            rendered = self._finish(render_site(root, is_served=self._is_served))
            self._facts = newest_facts(rendered)
            self._heads = {path: read_head(path, text) for path, text in rendered.items() if path.endswith(".md")}
            self._descriptions = tell_apart(self._heads)
            config.docs_dir = str(assemble(root, rendered))
        except NovaStatesError as error:
            raise PluginError(str(error)) from error

    def _finish(self, rendered: Mapping[str, str]) -> dict[str, str]:
        """Say in the parts of pages what a heading's link is, as `on_page_content` does in pages."""
        return {
            path: finish_lens_file(text, self._languages[path.partition("/")[0]]) if is_lens_file(path) else text
            for path, text in rendered.items()
        }

    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Give generated files their own kind of page, and plan the navigation over all of them."""
        prose: list[tuple[float, str]] = []
        if self._is_served:
            KEPT.look_around(Path(config.config_file_path).parent, files)
        for file in files.documentation_pages():
            if file.src_uri in self._heads:
                GeneratedPage(None, file, config)  # MkDocs finds it as file.page
            else:
                _, head = meta.get_data(file.content_string)
                prose.append((head.get("order", 0), file.src_uri))
                if self._is_served:
                    WrittenPage(KEPT.renderings, file, config)  # likewise
        pages = {path: "" for _, path in sorted(prose)} | {path: head.group for path, head in self._heads.items()}
        self._paths = frozenset(pages)
        self._warn_of_missing_translations()
        config.nav = [{code: plan_navigation(code, self.config.navigation, pages)} for code in self._languages]

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Keep a navigation for each language."""
        self._navigations = split_navigation(nav, self._languages)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Say what a heading's link is in the page's language, and that the corner of a table heads nothing."""
        html = html.replace("<th></th>", "<td></td>")  # Markdown has no other way to leave a corner empty
        return html.replace(f'title="{PERMALINK_TITLE}"', f'title="{self._language(page).permalink}"')

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ANN401 - only rendering names Jinja
        """Let no template be looked for changes during a build; while served, leave the pages that are as they were."""
        env.auto_reload = False
        find_own_templates(env, config.theme.dirs)
        self._folder_navigations = FolderNavigations()
        if self._is_served:
            root = Path(config.config_file_path).parent
            pages = [file.page for file in files.documentation_pages() if file.page is not None]
            KEPT.choose(root, pages)
            env = KEPT.environment(root, env)
        return env  # type: ignore[no-any-return] # MkDocs takes it, whatever the class beneath says

    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,
        config: MkDocsConfig,
        nav: Navigation,
    ) -> None:
        """Build the page in its language: words, navigation, search, and the link to its translation."""
        more = cast("dict[str, Any]", context)
        if (output := KEPT.output(page)) is not None:
            more["kept"] = output
            return
        language = self._language(page)
        speak(config, language)
        # Material keeps the chosen palette by `scope`; what a language has of its own lies below `base_url`.
        config.extra["scope"] = get_relative_url(".", page.url)
        context["base_url"] = get_relative_url(f"{language.code}/", page.url)
        context["nav"] = self._navigations[language.code]
        more["navigations"] = self._folder_navigations
        translations = link_translations(page.file.src_uri, page.url, self._languages, self._paths)
        more["translations"] = translations
        more["alternates"] = name_alternates(translations, page.url, config.site_url)
        page.meta["description"] = self._descriptions.get(page.file.src_uri) or page.meta["description"]
        more["labels"] = language.labels
        more["content_security_policy"] = self._policy
        more["facts"] = self._facts
        if file_of(language.code, COMPARE) in self._paths:
            more["compare"] = get_relative_url(f"{language.code}/{COMPARE}", page.url)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Patch what Material prints, and leave no script inside the page."""
        if KEPT.output(page) is not None:
            return output
        output = self._scripts.move(patch_theme(output, self._language(page).labels), page.url)
        if self._is_served:
            KEPT.keep(page, output)
        return output

    def on_template_context(
        self,
        context: TemplateContext,
        *,
        template_name: str,
        config: MkDocsConfig,
    ) -> None:
        """Give the sitemap and the pages without a language (root, 404) what they list."""
        more = cast("dict[str, Any]", context)
        more["languages"] = tuple(self._languages.values())
        more["content_security_policy"] = self._policy
        linked = [
            (file.url, link_translations(file.src_uri, file.url, self._languages, self._paths))
            for file in context["pages"]
        ]
        more["alternates"] = [(url, name_alternates(found, url, config.site_url or "/")) for url, found in linked]

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what pages load instead of holding it, and let Python look for garbage again."""
        site = Path(config.site_dir)
        self._scripts.write(site)
        if self._is_served:
            KEPT.folder.end()
        else:
            make_readable(site)
            # The program ends here and would look through all of them once more.
            gc.freeze()
        gc.enable()

    def on_build_error(self, *, error: Exception) -> None:
        """Leave MkDocs as it was."""
        KEPT.folder.leave()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]) -> None:
        """Watch what people change (mkdocs.yml's `watch`) rather than what each build writes."""
        server.unwatch(config.docs_dir)
        # Byte code written below generator/ while it is watched would ask for another build.
        sys.dont_write_bytecode = True

        root = Path(config.config_file_path).parent
        known = model_fingerprint(root)

        def rebuild() -> None:
            nonlocal known
            if (now := model_fingerprint(root)) == known:
                builder()
                return
            known = now
            # MkDocs keeps a plugin that it told of the start; forgetting our modules and taking on the class of the new
            # ones makes it run changed code.
            for name in [name for name in sys.modules if name.partition(".")[0] == "nova_states"]:
                del sys.modules[name]
            self.__class__ = getattr(importlib.import_module(__name__), type(self).__name__)
            builder()

        server.builder = rebuild
        server.set_app(answer_on_request(server.serve_request, root, self._languages, config.site_url))

    def _language(self, page: Page) -> Language:
        return self._languages[page.file.src_uri.partition("/")[0]]

    def _warn_of_missing_translations(self) -> None:
        for path in sorted(self._paths):
            translations = {code + path[path.index("/") :] for code in self._languages}
            for translation in sorted(translations - self._paths):
                log.warning("%s: there is no %s, the language switch will lead to the home page", path, translation)
