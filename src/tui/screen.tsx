/** The Ink application: one text a line, so that only lines that changed are drawn again, and the keys. */
import { Box, Text, useInput, usePaste } from 'ink';
import { memo, useState, useSyncExternalStore } from 'react';
import type { App } from './app.ts';
import { frameOf } from './frame.ts';
import { keysOf, press } from './input.ts';
import { paste } from './paste.ts';
import { paint } from './theme.ts';

const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === '' ? ' ' : text}</Text>;
});

/** Tells the screen that something is to be drawn: the store's changes, and the session's at a bearable rate. */
export interface Pulse {
  subscribe(listener: () => void): () => void;
  beat(): number;
}

interface ScreenProps {
  readonly app: App;
  readonly pulse: Pulse;
  /** called once, before the first frame is written */
  begin?(): void;
}

export function Screen({ app, pulse, begin }: ScreenProps) {
  useState(() => begin?.());
  useSyncExternalStore(pulse.subscribe, pulse.beat);
  useInput((input, key) => {
    for (const name of keysOf(input, key)) press(app, name);
  });
  usePaste((text) => void paste(app, text));
  const { columns, rows } = app.store.get();
  const lines = frameOf(app).slice(0, rows).map(paint);
  return (
    <Box flexDirection="column" width={columns} height={lines.length}>
      {lines.map((text, y) => (
        // a row is its place on the screen: nothing else identifies it
        // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
        <Row key={y} text={text} />
      ))}
    </Box>
  );
}
