import { count } from '../messages/count.js';

/** Texts of the merge of two changes. */
export const mergeMessages = {
  title: 'Somebody else changed it in the meantime',
  lead: 'Your text is kept. Both changes begin from the version that you opened: what only one of them touched is merged already.',
  open: (number: number) => `${count(number, 'place', 'places')} changed by both: choose for each.`,
  chosen: 'All places that both changed are chosen: look over what comes of it below.',
  none: 'No place was changed by both.',
  place: (number: number, all: number) => `Place ${number} of ${all}`,
  base: 'As it was',
  mine: 'Mine',
  theirs: 'Theirs',
  both: 'Theirs, then mine',
  nothingThere: '(nothing)',
  take: 'Take',
  merged: 'Merged document',
  mergedHelp: 'It can be edited here or after it was taken over.',
  use: 'Take over the merged document',
  useFirst: 'Choose for each place first.',
  takeTheirs: 'Take what stands',
  allMine: 'Take mine at all places',
  after: 'It goes on from what stands now: look at what changes, then apply it.',
} as const;
