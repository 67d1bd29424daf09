/** What pictures look like: the colours of light and dark surroundings. A colour never says alone what a thing is. */

interface Colours {
  readonly ground: string;
  readonly text: string;
  readonly dim: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
  readonly accent: string;
  readonly traitor: string;
}

const light: Colours = {
  ground: '#ffffff',
  text: '#1f2328',
  dim: '#656d76',
  good: '#1a7f37',
  bad: '#cf222e',
  warn: '#9a6700',
  accent: '#0969da',
  traitor: '#8250df',
};
const dark: Colours = {
  ground: '#0d1117',
  text: '#e6edf3',
  dim: '#8d96a0',
  good: '#3fb950',
  bad: '#ff7b72',
  warn: '#d29922',
  accent: '#58a6ff',
  traitor: '#bc8cff',
};

const tones = ['dim', 'good', 'bad', 'warn', 'accent', 'traitor'] as const;

/** Words (`t`) are filled, strokes (`s`) are drawn. */
const rules = (colours: Colours): string =>
  [
    `.ground{fill:${colours.ground}}`,
    `text{fill:${colours.text}}`,
    `.s{stroke:${colours.text}}`,
    `.f{fill:${colours.text}}`,
    `.on{fill:${colours.ground}}`,
    `.alert{fill:${colours.bad}}`,
    ...tones.map((tone) => `.t.${tone}{fill:${colours[tone]}}.s.${tone}{stroke:${colours[tone]}}`),
    ...tones.map((tone) => `.f.${tone}{fill:${colours[tone]}}`),
  ].join('');

export const svgStyle = `text{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px;white-space:pre}
.small{font-size:11px}.bold{font-weight:bold}.title{font-size:17px;font-weight:bold}.s{fill:none;stroke-width:1.3}
.life{stroke-width:1}.down{stroke-dasharray:2 4}.paused{stroke-dasharray:7 4}.lie{stroke-dasharray:5 3}
${rules(light)}
@media (prefers-color-scheme:dark){${rules(dark)}}`;

export const pageStyle = `:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem;color:${light.text};background:${light.ground}}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.15rem 1rem .15rem 0}
.diagram{overflow-x:auto}pre,td.code{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}pre{overflow-x:auto}
.bad{color:${light.bad}}.good{color:${light.good}}.dim{color:${light.dim}}
@media (prefers-color-scheme:dark){body{color:${dark.text};background:${dark.ground}}.bad{color:${dark.bad}}.good{color:${dark.good}}.dim{color:${dark.dim}}}`;
