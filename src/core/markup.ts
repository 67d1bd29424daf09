/** Text from outside as text inside XML and HTML: it can neither end an element or an attribute nor begin one. */

/** XML 1.0 cannot hold these at all, not even escaped: most controls, halves of surrogates, two non-characters. */
const impossible = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For element content and quoted attributes alike. What XML cannot hold is left out. */
export const escapeMarkup = (text: string): string =>
  text.replace(impossible, '').replace(/[&<>"']/g, (character) => entities[character] as string);

/** Text of several lines as character data of XML, readable as it is; `]]>` is split over two sections. */
export const cdata = (text: string): string =>
  `<![CDATA[${text.replace(impossible, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
