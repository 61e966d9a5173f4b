import { useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { messages } from '../messages/messages.js';
import { useSettled } from './use-settled.js';

const texts = messages.searchChoice;
const PAUSE_MS = 250;

/** What is chosen, and the text that stands for it. The id is empty as long as nothing is chosen. */
export interface Chosen {
  id: string;
  text: string;
}

export const NOTHING_CHOSEN: Chosen = { id: '', text: '' };

/** One of those that are found. */
export interface Option extends Chosen {
  /** Tells it from others of its name. */
  note?: string;
}

/** What was found for a text. */
export interface FoundOptions {
  /** Undefined while it is on its way, or where it did not come. */
  options: readonly Option[] | undefined;
  /** True if some were found that are not among them. */
  isMore: boolean;
  /** Adds those that follow; without it they are found by a longer text. */
  more?: () => void;
  error: Error | undefined;
  again: () => void;
}

/** A list with those that follow in it. */
export function furtherNodes<T, P extends { nodes: readonly T[] }>(known: P, next: P): P {
  return { ...next, nodes: [...known.nodes, ...next.nodes] };
}

export interface SearchListProps {
  /** Of the field. */
  id: string;
  label: string;
  value: Chosen;
  /** Called with what is written, and with what is chosen. */
  write: (next: Chosen) => void;
  /** A hook that finds by a text, or the first ones without any, once somebody looks for one. */
  useOptions: (text: string, isWanted: boolean) => FoundOptions;
  /** The id that a text stands for without being found, or nothing. */
  idOf?: (text: string) => string;
  /** What to write, where nothing is found without a text. */
  hint?: string;
  /** What it means that nothing is chosen, where that may be. */
  none?: string;
}

/** A line of the open list. */
export interface Row {
  key: string;
  text: string;
  note?: string | undefined;
  isChosen: boolean;
  isMore: boolean;
  act: () => void;
}

export interface SearchListState {
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  rows: readonly Row[];
  /** The row that Enter chooses; -1: none. */
  at: number;
  /** Why there are no rows, or no further ones. */
  message: string | undefined;
  /** What the text stands for is none of those found. */
  isAsWritten: boolean;
  error: Error | undefined;
  again: () => void;
  input: RefObject<HTMLInputElement | null>;
  change: (text: string) => void;
  clear: () => void;
  press: (event: KeyboardEvent) => void;
}

/** A list that is searched by what is written in its field: the focus stays there, and keys move in the list. */
export function useSearchList({ value, write, useOptions, idOf, hint, none }: SearchListProps): SearchListState {
  const [isOpen, show] = useState(false);
  // Why nothing was found is told after the list is closed, too.
  const [isWanted, want] = useState(false);
  // What was chosen is no search: all others are shown beside it.
  const [isWritten, setWritten] = useState(value.id === '');
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const text = isWritten ? value.text.trim() : '';
  const settled = useSettled(text, PAUSE_MS);
  const { options, isMore, more, error, again } = useOptions(settled, isWanted);
  const found = settled === text ? options : undefined;
  const setOpen = (next: boolean): void => {
    show(next);
    if (next) want(true);
    setAt(-1);
  };
  const put = (next: Chosen, how: { written: boolean }): void => {
    setWritten(how.written);
    write(next);
    setOpen(how.written);
    want(how.written);
    input.current?.focus();
  };
  const listed = { found, more: isMore ? more : undefined, value, none: text === '' ? none : undefined };
  const rows = rowsOf(listed, (chosen) => put(chosen, { written: false }));
  return {
    ...{ isOpen: isOpen && error === undefined, setOpen, at, error, again, input },
    rows,
    message: messageOf({ found, isCut: isMore && more === undefined, error, text, hint }),
    isAsWritten: isWritten && value.id !== '' && found?.some(({ id }) => id === value.id) === false,
    change: (next) => put({ id: idOf?.(next.trim()) ?? '', text: next }, { written: true }),
    clear: () => put(NOTHING_CHOSEN, { written: true }),
    press: (event) => {
      const act = actOf(event.key, { isOpen: isOpen && error === undefined, rows, at, setAt, setOpen });
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
  };
}

interface Listed extends Pick<SearchListProps, 'value'> {
  found: readonly Option[] | undefined;
  more: (() => void) | undefined;
  none: string | undefined;
}

function rowsOf({ found = [], more, value, none }: Listed, choose: (chosen: Chosen) => void): Row[] {
  const nothing = { key: 'none', isMore: false, isChosen: value.id === '', act: () => choose(NOTHING_CHOSEN) };
  const before = none === undefined ? [] : [{ ...nothing, text: none }];
  const rows = found.map(({ id, text, note }) => ({
    ...{ key: id, text, note, isMore: false, isChosen: id === value.id },
    act: () => choose({ id, text }),
  }));
  const after =
    found.length > 0 && more ? [{ key: '', text: texts.more, isChosen: false, isMore: true, act: more }] : [];
  return [...before, ...rows, ...after];
}

interface Asked {
  found: readonly Option[] | undefined;
  isCut: boolean;
  error: Error | undefined;
  text: string;
  hint: string | undefined;
}

function messageOf({ found, isCut, error, text, hint }: Asked): string | undefined {
  if (error !== undefined) return messages.states.failed;
  if (found === undefined) return texts.searching;
  if (isCut) return texts.longer;
  if (found.length > 0) return undefined;
  return text === '' ? (hint ?? texts.empty) : texts.none(text);
}

interface Open extends Pick<SearchListState, 'isOpen' | 'rows' | 'at' | 'setOpen'> {
  setAt: (at: number) => void;
}

/** What a key does; undefined: what it does in any field. */
function actOf(key: string, { isOpen, rows, at, setAt, setOpen }: Open): (() => void) | undefined {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!isOpen) return step === undefined ? undefined : () => setOpen(true);
  if (key === 'Enter') return rows[at]?.act ?? (() => setOpen(false));
  if (step === undefined) return undefined;
  const from = at < 0 && step < 0 ? 0 : at;
  return () => setAt(rows.length === 0 ? -1 : (from + step + rows.length) % rows.length);
}
