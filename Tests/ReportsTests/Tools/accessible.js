// What keeps somebody from using a page, one sentence each: by WCAG 2.2, levels A and AA, as far as a program can tell.
(() => {
  const wrong = [];
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const say = (rule, element) => wrong.push(rule + (element ? ": " + element.outerHTML.replace(/\s+/g, " ").slice(0, 120) : ""));
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());

  // Structure.
  if (document.documentElement.lang !== "en") say("the page does not say its language");
  if (!document.title.trim()) say("the page has no title");
  if (/user-scalable|maximum-scale/.test(document.querySelector("meta[name=viewport]")?.content ?? "")) say("the page cannot be made larger");
  for (const name of ["header", "main", "footer"]) if (all("body > " + name).length !== 1) say("not one landmark " + name);
  for (const element of all("body *").filter((one) => hasText(one) && isSeen(one))) {
    if (!element.closest("header, main, footer, .skip, script, style")) say("text outside the landmarks", element);
  }
  const skip = document.querySelector("body > :first-child");
  if (!skip.matches("a[href='#main']")) say("the first thing is no way to the content", skip);
  const levels = all("h1, h2, h3, h4, h5, h6").filter(isSeen).map((one) => [Number(one.tagName[1]), one]);
  if (levels.filter(([level]) => level === 1).length !== 1) say("not one heading of the first level");
  levels.forEach(([level, heading], place) => {
    if (level > (place ? levels[place - 1][0] : 0) + 1) say("a level of headings is left out", heading);
    if (!heading.textContent.trim()) say("an empty heading", heading);
  });
  for (const list of all("ul, ol")) for (const child of list.children) if (child.tagName !== "LI") say("no entry of its list", child);
  for (const list of all("dl")) {
    const names = [...list.children].map((child) => child.tagName);
    if (names.some((name) => name !== "DT" && name !== "DD") || names[0] !== "DT" || names.at(-1) !== "DD") say("a list of terms out of order", list);
  }

  // References and roles.
  const ids = all("[id]").map((one) => one.id);
  for (const id of ids.filter((id, place) => ids.indexOf(id) !== place)) say("an id twice: " + id);
  for (const name of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"]) {
    for (const element of all(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) if (!document.getElementById(id)) say(`${name} leads nowhere`, element);
    }
  }
  for (const link of all("a[href^='#']")) if (!document.getElementById(link.hash.slice(1))) say("a link leads nowhere", link);
  for (const link of all("a")) if (!link.textContent.trim() || !link.href) say("a link without words or place", link);
  const known = new Set(["img", "search", "region"]);
  for (const element of all("[role]")) if (!known.has(element.getAttribute("role"))) say("a role that is unknown here", element);
  for (const element of all("[aria-hidden=true]")) if (element.querySelector("a, button, input, summary")) say("something to use is hidden", element);

  // Controls.
  for (const element of all("[tabindex]")) if (element.tabIndex > 0) say("an order of its own", element);
  for (const element of all("input, select, textarea").filter(isSeen)) {
    if (![...(element.labels ?? [])].some((label) => isSeen(label) && label.textContent.trim())) say("a field without a label that can be seen", element);
  }
  for (const group of all("fieldset")) if (!group.querySelector(":scope > legend")?.textContent.trim()) say("a group of fields without a name", group);
  for (const element of all("button")) if (isSeen(element) && !element.textContent.trim()) say("a button without words", element);
  for (const element of all("details")) {
    const summary = element.firstElementChild;
    if (summary?.tagName !== "SUMMARY" || !summary.textContent.trim()) say("nothing says what unfolds", element);
    else if (summary.querySelector("a, button, input, summary")) say("a control inside a control", summary);
  }
  for (const element of all("button, input, summary, .chip").filter(isSeen)) {
    const box = (element.closest(".chip") ?? element).getBoundingClientRect();
    if (!matchMedia("print").matches && (box.height < 24 || box.width < 24)) say(`too small to be hit, ${Math.round(box.width)} by ${Math.round(box.height)}`, element);
  }
  for (const element of all(".wide, pre").filter((one) => isSeen(one) && one.scrollWidth > one.clientWidth + 1)) {
    const isNamed = element.getAttribute("role") === "region" && element.getAttribute("aria-label");
    if (element.tabIndex !== 0 || !isNamed) say("scrolls, and cannot be reached by keys", element);
  }

  // Tables and pictures.
  for (const table of all("table")) {
    const heads = all("thead th", table);
    if (!heads.length || heads.some((head) => head.scope !== "col" || !head.textContent.trim())) say("columns without heads", table);
    for (const row of all("tbody tr", table)) {
      if (row.cells.length !== heads.length) say("a row of other columns", row);
      if (row.cells[0]?.tagName !== "TH" || row.cells[0].scope !== "row") say("a row without a head", row);
    }
  }
  for (const picture of all("svg, img")) {
    if (picture.getAttribute("role") !== "img" || !picture.getAttribute("aria-label")?.trim()) say("a picture without words", picture);
  }

  // Contrast: 4.5 to 1 for text, 3 to 1 for what pictures tell.
  const channels = (color) => {
    const parts = color.match(/[\d.]+/g).map(Number);
    return parts.length === 4 ? parts : [...parts, 1];
  };
  const light = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = channels(getComputedStyle(one).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [255, 255, 255, 1];
  };
  const against = (color, element) => {
    const [one, other] = [light(channels(color)), light(ground(element))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const contrasts = (what, color, element, least) => {
    const ratio = against(color, element);
    if (ratio < least) say(`${what} of ${ratio.toFixed(2)} to 1`, element);
  };
  for (const element of all("body *").filter(isSeen)) {
    if (element.matches("script, style, .skip:not(:focus)")) continue;
    const style = getComputedStyle(element);
    if (element.matches("svg *")) {
      if (element.matches("text, tspan")) contrasts("a text in a picture", style.fill, element, 4.5);
      else if (element.matches("rect:not(.track)")) contrasts("a bar", style.fill, element, 3);
      else if (element.matches("polyline")) contrasts("a line", style.stroke, element, 3);
    } else if (hasText(element)) {
      contrasts("text", style.color, element, 4.5);
    }
    if (element.matches("input[placeholder]")) contrasts("a hint in a field", getComputedStyle(element, "::placeholder").color, element, 4.5);
  }
  return [...new Set(wrong)].slice(0, 20);
})()
