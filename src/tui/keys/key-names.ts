/** Keys that are not characters, as they are printed. */
export const shownAs: Readonly<Record<string, string>> = {
  space: 'space',
  enter: 'Enter',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  backspace: 'Backspace',
  delete: 'Del',
};

/** `ctrl-k` as `Ctrl-K`; a character as it is. */
export const shownKey = (key: string): string =>
  shownAs[key] ?? (key.startsWith('ctrl-') ? `Ctrl-${key.slice(5).toUpperCase()}` : key);
