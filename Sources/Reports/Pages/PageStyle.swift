/// The style of pages: light and dark, on a screen and on paper.
enum PageStyle {
    /// Colors have a contrast of at least 4.5 to 1 on their ground in both schemes (WCAG 2.2, 1.4.3).
    static let text = #"""
        :root { color-scheme: light; --ground: #ffffff; --panel: #f5f7f9; --line: #d3d9df; --ink: #1a2027; --faint: #55606b;
          --link: #0a56b5; --add: #14652c; --drop: #a8122a; --change: #7a4b00; --alarm: #fdecee; --mark: #0a56b5; --bar: #3c78b4; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { color-scheme: dark; --ground: #12171d; --panel: #1a2129;
          --line: #36414c; --ink: #e4e9ee; --faint: #a2aeba; --link: #82bcff; --add: #63d27c; --drop: #ff8f8f; --change: #e9b957;
          --alarm: #3a1a1f; --mark: #82bcff; --bar: #5f9bd8; } }
        :root[data-theme=dark] { color-scheme: dark; --ground: #12171d; --panel: #1a2129; --line: #36414c; --ink: #e4e9ee;
          --faint: #a2aeba; --link: #82bcff; --add: #63d27c; --drop: #ff8f8f; --change: #e9b957; --alarm: #3a1a1f; --mark: #82bcff;
          --bar: #5f9bd8; }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html { scroll-padding-top: 6.5rem; }
        body { margin: 0 auto; max-width: 76rem; padding: 0 1.25rem 3rem; background: var(--ground); color: var(--ink);
          font: 0.9375rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
          overflow-wrap: break-word; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
        h2 { font-size: 1.25rem; margin: 2.25rem 0 0.5rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
        p { margin: 0.35rem 0; }
        ul, ol { margin: 0.25rem 0; padding-left: 1.4rem; }
        a { color: var(--link); }
        code, kbd, .id { font: 0.8125rem/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        code { background: var(--panel); border-radius: 3px; padding: 0.05rem 0.25rem; }
        kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 0.3rem; }
        header { display: flex; gap: 1rem; align-items: start; justify-content: space-between; padding: 1.5rem 0 0.5rem; }
        button, input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; }
        ::placeholder { color: var(--faint); opacity: 1; }
        button { padding: 0.25rem 0.75rem; cursor: pointer; white-space: nowrap; }
        button:hover { background: var(--panel); }
        :focus-visible { outline: 3px solid var(--mark); outline-offset: 1px; }
        .skip { position: absolute; left: -100vw; background: var(--ground); padding: 0.5rem; z-index: 3; }
        .skip:focus { left: 0.5rem; top: 0.5rem; }
        .faint, .keys { color: var(--faint); }
        .add { color: var(--add); } .drop { color: var(--drop); } .change { color: var(--change); }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid var(--line); }
        th { font-weight: 600; color: var(--faint); } th a { white-space: nowrap; }
        .when { white-space: nowrap; }
        .signed { grid-template-columns: max-content minmax(0, 20rem); row-gap: 1.2rem; } .signed dd { border-bottom: 1px solid var(--line); }
        .num { text-align: right; font-variant-numeric: tabular-nums; }
        .badge { display: inline-block; border: 1px solid currentColor; border-radius: 4px; padding: 0 0.4rem; font-size: 0.8125rem;
          font-weight: 600; white-space: nowrap; }
        .wide { overflow-x: auto; } pre { font: 0.8125rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        .decision { border: 1px solid var(--line); border-left: 5px solid var(--drop); border-radius: 6px; background: var(--alarm);
          padding: 0.6rem 1rem; margin: 0.6rem 0; }
        .decision dl { margin: 0.4rem 0 0; }
        .decision code { background: var(--ground); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.35rem 0; }
        dt { color: var(--faint); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; } dd.more { grid-column: -2; color: inherit; }
        .tiles { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; margin: 0.5rem 0; }
        .tiles li { background: var(--panel); border-radius: 6px; padding: 0.35rem 0.9rem; min-width: 6.5rem; }
        .tiles b { display: block; font-size: 1.4rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
        #tools { position: sticky; top: 0; z-index: 2; background: var(--ground); border-bottom: 1px solid var(--line);
          padding: 0.6rem 0; margin-top: 1.5rem; display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
        #search { padding: 0.3rem 0.6rem; width: min(26rem, 100%); }
        fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 0.35rem; }
        legend { float: left; padding: 0.1rem 0.4rem 0 0; color: var(--faint); }
        .chip { display: inline-flex; gap: 0.35rem; align-items: center; border: 1px solid var(--line); border-radius: 1rem;
          padding: 0.05rem 0.7rem 0.05rem 0.5rem; cursor: pointer; }
        .chip:has(:checked) { background: var(--panel); border-color: var(--mark); box-shadow: inset 0 0 0 1px var(--mark); }
        .chip:has(:focus-visible) { outline: 3px solid var(--mark); outline-offset: 1px; }
        .chip input { margin: 0; accent-color: var(--mark); }
        #shown { color: var(--faint); flex-basis: 100%; }
        summary { cursor: pointer; border-radius: 4px; min-height: 1.5rem; }
        .cause { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; }
        .cause > summary { padding: 0.45rem 0.75rem; background: var(--panel); border-radius: 6px; }
        .cause > ul { list-style: none; margin: 0; padding: 0; }
        .cause > ul > li { border-top: 1px solid var(--line); overflow-wrap: anywhere; }
        .long > ul > li { content-visibility: auto; contain-intrinsic-height: 2.1rem; }
        .row > summary { padding: 0.3rem 0.75rem; }
        .row > summary:hover, .cause > summary:hover { text-decoration: underline; text-decoration-color: var(--faint); }
        .row[open] { padding-bottom: 0.5rem; }
        .row > div { padding: 0 0.75rem 0 2.1rem; }
        .row b, .who { white-space: pre-wrap; }
        .name { color: var(--faint); white-space: pre-wrap; margin: 0 0.4rem 0 0.1rem; }
        .sign { display: inline-block; width: 1.1em; text-align: center; font-weight: 700; }
        .rest { padding: 0.4rem 0.75rem; } .more { color: var(--faint); }
        .pool { display: grid; grid-template-columns: minmax(9rem, 16rem) minmax(8rem, 1fr) minmax(12rem, 22rem); gap: 0.2rem 1rem;
          align-items: center; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
        .pool details { grid-column: 1 / -1; }
        .seats { list-style: none; padding: 0; }
        svg { display: block; width: 100%; }
        .track { fill: var(--panel); stroke: var(--line); } .held { fill: var(--bar); } .over { fill: var(--drop); }
        .given { fill: var(--add); } .bar { fill: var(--bar); } .failed { fill: var(--drop); }
        .curve { fill: none; stroke: var(--bar); stroke-width: 2; vector-effect: non-scaling-stroke; } .base { stroke: var(--line); }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem; }
        figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem 0.8rem; }
        figcaption { margin-bottom: 0.4rem; } figcaption b { display: block; }
        footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.75rem; color: var(--faint); }
        @media (max-width: 42rem) { .pool { grid-template-columns: 1fr; } dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.3rem; }
          #tools { position: static; } .wide > table:has(thead th:nth-child(3)) { min-width: 34rem; } }
        @media print {
          :root:root:root { color-scheme: light; --ground: #ffffff; --panel: #f2f2f2; --line: #b8b8b8; --ink: #000000;
            --faint: #444444; --link: #000000; --add: #14522a; --drop: #8c0f22; --change: #5c3a00; --alarm: #ffffff;
            --bar: #3c78b4; }
          body { max-width: none; padding: 0; font-size: 9.5pt; }
          #tools, #theme, .skip, .keys { display: none !important; }
          .long > ul > li { content-visibility: visible; } .cause > ul > li { break-inside: avoid; }
          .cause::details-content, .all::details-content { content-visibility: visible; block-size: auto; height: auto; }
          .row.all dl { grid-template-columns: max-content 3fr max-content 2fr; }
          footer { margin-top: 1rem; break-before: avoid; }
          .decision, figure, .pool { break-inside: avoid; }
          h2, h3, .cause > summary { break-after: avoid; }
          svg * { print-color-adjust: exact; }
        }
        """#
}
