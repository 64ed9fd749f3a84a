/// The one script of pages: it filters, moves and unfolds what stands in the page already, and loads nothing.
enum PageScript {
    static let text = #"""
        "use strict";
        (() => {
          const root = document.documentElement;
          const find = (selector, from = document) => Array.from(from.querySelectorAll(selector));
          const theme = document.getElementById("theme");
          const dark = matchMedia("(prefers-color-scheme: dark)");
          const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
          const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
          const turn = () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); };
          theme.hidden = false;
          theme.addEventListener("click", turn);
          dark.addEventListener("change", nameTheme);
          nameTheme();
          for (const keys of find(".keys")) keys.hidden = false;

          const tools = document.getElementById("tools");
          const search = document.getElementById("search");
          const shown = document.getElementById("shown");
          const causes = find(".cause");
          const kinds = find("#kinds input");
          let groups = null;
          const read = () => {
            groups = causes.map((cause) => {
              const words = Array.from(cause.querySelector("summary").childNodes)
                .filter((node) => !(node.classList && node.classList.contains("badge"))).map((node) => node.textContent).join("").toLowerCase();
              const rows = find(":scope > ul > li:not(.more)", cause).map((row) => ({ row, words: words + " " + row.textContent.toLowerCase() }));
              return { cause, rows, wasOpen: null };
            });
          };
          const tell = (all, visible = all) => {
            const number = (count) => count.toLocaleString("en");
            shown.textContent = (visible === all ? "" : number(visible) + " of ") + number(all) + (all === 1 ? " entry" : " entries");
          };
          const filter = () => {
            if (!groups) read();
            const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
            const wanted = new Set(kinds.filter((kind) => kind.checked).map((kind) => kind.value));
            const isFiltering = words.length > 0;
            let all = 0, visible = 0;
            for (const group of groups) {
              const kind = group.cause.dataset.kind;
              const isKind = wanted.size === 0 || !kind || wanted.has(kind);
              let here = 0;
              for (const { row, words: text } of group.rows) {
                const matches = isKind && words.every((word) => text.includes(word));
                if (row.hidden === matches) row.hidden = !matches;
                if (matches) here += 1;
              }
              group.cause.hidden = here === 0 && (isFiltering || !isKind);
              if (isFiltering && group.wasOpen === null) group.wasOpen = group.cause.open;
              if (isFiltering) group.cause.open = here > 0;
              if (!isFiltering && group.wasOpen !== null) { group.cause.open = group.wasOpen; group.wasOpen = null; }
              all += group.rows.length;
              visible += here;
            }
            tell(all, visible);
          };
          if (tools) {
            tools.hidden = false;
            let waiting = false;
            search.addEventListener("input", () => {
              if (waiting) return;
              waiting = true;
              setTimeout(() => { waiting = false; filter(); }, 80);
            });
            for (const kind of kinds) kind.addEventListener("change", filter);
            tell(find(".cause > ul > li:not(.more)").length);
          }

          const clear = () => {
            if (!tools) return;
            search.value = "";
            for (const kind of kinds) kind.checked = false;
            filter();
            document.activeElement.blur();
          };
          const move = (step) => {
            const stops = find("main summary");
            let place = stops.indexOf(document.activeElement);
            if (place < 0) place = step > 0 ? -1 : stops.length;
            for (place += step; place >= 0 && place < stops.length; place += step) {
              if (!stops[place].checkVisibility()) continue;
              stops[place].focus();
              stops[place].scrollIntoView({ block: "nearest" });
              return;
            }
          };
          document.addEventListener("keydown", (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
            if (event.key === "Escape") return clear();
            if (event.target.matches("input[type=search]")) return;
            const act = { "/": () => search && search.focus(), j: () => move(1), k: () => move(-1), t: turn }[event.key];
            if (!act) return;
            event.preventDefault();
            act();
          });

          let folded = [];
          addEventListener("beforeprint", () => {
            folded = find(".cause:not([open]), .all:not([open])");
            for (const one of folded) one.open = true;
          });
          addEventListener("afterprint", () => {
            for (const one of folded) one.open = false;
            folded = [];
          });
        })();
        """#
}
