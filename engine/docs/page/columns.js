// A column with all that it is made from and all that is made from it, as a drawing: tables from left to right as in the
// graph, in each its columns that take part. Made by `window.columnMap`; see app.js.
{
  const size = { width: 210, line: 21, head: 24, across: 280, gap: 14 };

  /** All names that can be reached from one, itself too. */
  const reach = (start, links) => {
    const seen = new Set([start]);
    for (const name of seen) for (const next of links.get(name) ?? []) seen.add(next);
    return seen;
  };

  /** Where each table's box stands: ranks without gaps, each stack of boxes around the middle. */
  const placed = (tables, rankOf) => {
    const ranks = [...new Set([...tables.keys()].map(rankOf))].sort((a, b) => a - b);
    const tall = (members) => size.head + members.length * size.line + 6;
    const stacks = ranks.map((rank) => [...tables].filter(([key]) => rankOf(key) === rank));
    const heights = stacks.map((stack) => stack.reduce((sum, [, members]) => sum + tall(members) + size.gap, -size.gap));
    const height = Math.max(...heights);
    const places = new Map();
    for (const [index, stack] of stacks.entries()) {
      let y = (height - heights[index]) / 2;
      for (const [key, members] of stack) {
        places.set(key, { x: index * size.across, y, tall: tall(members) });
        y += tall(members) + size.gap;
      }
    }
    return { places, height, width: (ranks.length - 1) * size.across + size.width };
  };

  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  /**
   * The drawing, or undefined where nothing is known. `origins`: by column what it is made from; `ownerOf` splits a
   * column's name into its table's key and its own; `rankOf` is a table's place in the graph.
   */
  window.columnMap = (start, { origins, ownerOf, rankOf, linkTo, svg }) => {
    const uses = new Map();
    for (const [column, from] of origins) for (const one of from) uses.set(one, [...(uses.get(one) ?? []), column]);
    const names = [...new Set([...reach(start, origins), ...reach(start, uses)])];
    if (names.length < 2) return undefined;
    const tables = Map.groupBy(names, (name) => ownerOf(name).key);
    const { places, height, width } = placed(tables, rankOf);
    const at = (name) => {
      const { key } = ownerOf(name);
      const { x, y } = places.get(key);
      return { x, y: y + size.head + (tables.get(key).indexOf(name) + 0.5) * size.line };
    };
    const lines = names.flatMap((name) => (origins.get(name) ?? []).filter((from) => names.includes(from)).map((from) => {
      const [a, b] = [at(from), at(name)];
      const x = a.x + size.width;
      const bend = Math.max(30, (b.x - x) / 2);
      return svg('path', { d: `M${x} ${a.y}C${x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}` });
    }));
    const boxes = [...tables].map(([key, members]) => {
      const { x, y, tall } = places.get(key);
      return svg('g', { transform: `translate(${x} ${y})` },
        svg('rect', { class: 'box', width: size.width, height: tall, rx: 7 }),
        svg('text', { class: 'schema', x: 12, y: 17 }, short(key, 34)),
        members.map((name, index) => svg('a', { href: linkTo(name), class: name === start ? 'focus' : '' },
          svg('text', { x: 12, y: size.head + (index + 0.7) * size.line }, short(ownerOf(name).column, 28)))));
    });
    const edge = 8;
    return svg('svg', { class: 'columns', width: width + 2 * edge, height: height + 2 * edge, viewBox: `${-edge} ${-edge} ${width + 2 * edge} ${height + 2 * edge}`, role: 'img', 'aria-label': `What ${start} is made from, and what is made from it` }, lines, boxes);
  };
}
