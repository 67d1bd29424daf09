/**
 * What one node keeps for one snapshot: its own state at the moment of its recording, and for every channel to it what
 * arrived from that moment until the marker did.
 */
import type { Json, NodeId } from '../../src/core/protocol.ts';

export type Recording = {
  readonly state: Json;
  /** the channels on which the marker has not arrived yet: what comes on them was sent before the sender recorded */
  readonly open: readonly NodeId[];
  readonly channels: Readonly<Record<NodeId, readonly Json[]>>;
};
/** By snapshot: who began it, and its how-manieth. */
export type Recordings = Readonly<Record<string, Recording>>;

/** Records the state, and begins to record the channels. */
export const begin = (state: Json, channels: readonly NodeId[]): Recording => ({
  state,
  open: channels,
  channels: Object.fromEntries(channels.map((from) => [from, []])),
});

/** The marker has arrived on this channel: nothing more on it belongs to the snapshot. */
export const close = (recording: Recording, from: NodeId): Recording => ({
  ...recording,
  open: recording.open.filter((each) => each !== from),
});

/** Something has arrived: it belongs to every snapshot that still listens on this channel. */
export const hear = (recordings: Recordings, from: NodeId, what: Json): Recordings =>
  Object.fromEntries(
    Object.entries(recordings).map(([id, recording]) => {
      if (!recording.open.includes(from)) return [id, recording];
      return [
        id,
        { ...recording, channels: { ...recording.channels, [from]: [...(recording.channels[from] ?? []), what] } },
      ];
    }),
  );
