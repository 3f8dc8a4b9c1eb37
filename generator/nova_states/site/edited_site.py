"""What the generator adds to a site that is edited: an edit makes anew what shows it, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from nova_states.catalog.queries import CatalogQueries
from nova_states.explanations.errata import ErrataFile
from nova_states.explanations.leads import Leads
from nova_states.explanations.loading import Explanations
from nova_states.explanations.noted_reads import MadeOfExplanations
from nova_states.rendering.pages import ServedPages, plan_pages
from nova_states.rendering.pictures import render_pictures
from nova_states.site.api import render_api


class EditedSite:
    """Pages, pictures and the public JSON; facts, errata and the ways to prose are those of the beginning."""

    def __init__(
        self, queries: CatalogQueries, errata: Sequence[ErrataFile], explanations: Explanations, leads: Leads
    ) -> None:
        self._queries, self._errata, self._leads = queries, errata, leads
        self._made = MadeOfExplanations.of(explanations)
        self._pages = ServedPages()

    def tell(self, explanations: Explanations) -> None:
        """Say what is said of all names now; the names are the same."""
        self._made.tell(explanations)

    def pages(self) -> dict[str, str]:
        """Path below the site's source folder → text.

        Raises:
            InputError: a template, a word or an explanation is wrong, with its place.
        """
        planned = plan_pages(self._queries, self._made.explanations, self._errata, self._leads, self._made.once)
        return self._pages.render(self._made.once(page.path, page.modelled) for page in planned)

    def beside(self) -> dict[str, str]:
        """Likewise, what is published beside the pages and shows facts."""
        queries, made = self._queries, self._made
        pictures = made.once("pictures", lambda: render_pictures(queries, made.explanations))
        return {**pictures, **render_api(queries.catalog, made.explanations, made.once)}
