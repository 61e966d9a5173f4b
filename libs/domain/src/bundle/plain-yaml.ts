import { constructFromEvents, EVENT_ID, parseEvents, SCALAR_STYLE, type Event } from 'js-yaml';

/** A document of a file that was read quickly: its value and the offset at which it begins. */
export interface PlainDocument {
  value: unknown;
  start: number;
}

/**
 * The documents of a file that says what it says in plain ways; undefined if it does not or is faulty: then it has to be read
 * thoroughly, by a reader that knows every place and takes several times as long. Empty documents are left out.
 */
export function readPlainDocuments(text: string): PlainDocument[] | undefined {
  if (UNPLAIN.test(text)) return undefined;
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    const starts = new PlainEvents(text).startsOf(events);
    if (starts === undefined) return undefined;
    const values = constructFromEvents(events, { source: text });
    return starts.flatMap((start, index) => (start === undefined ? [] : [{ value: values[index], start }]));
  } catch {
    return undefined;
  }
}

const MAX_DEPTH = 50;

/** Tabs, breaks of lines that are not everybody's, marks of documents that are indented, a key that means something else to JavaScript. */
const UNPLAIN = /[\t\u0085\u2028\u2029\ufeff]|\r(?!\n)|__proto__|^ +(?:---|\.\.\.)(?:\s|$)/m;

/** Keys that are the same text to everybody: no null, no number, no `<<`. */
const PLAIN_KEY = /^[A-Za-z][A-Za-z0-9._/-]*$/;
const CONSTANT = /^(?:null|true|false)$/i;

type NodeEvent = Extract<Event, { anchorStart: number; tagStart: number }>;
type Place = 'key' | 'value' | 'item' | 'document';

/** Walks over events and notes where documents begin, until something is not plain. */
class PlainEvents {
  private readonly starts: (number | undefined)[] = [];
  /** What stands next, in each collection that is open. */
  private readonly open: Place[] = [];
  private readonly keys = new Set<string>();

  constructor(private readonly text: string) {}

  /** Where each document's mapping begins, undefined for an empty document; undefined if the events are not plain. */
  startsOf(events: readonly Event[]): (number | undefined)[] | undefined {
    return events.every((event) => this.take(event)) ? this.starts : undefined;
  }

  private take(event: Event): boolean {
    switch (event.type) {
      case EVENT_ID.POP:
        return this.open.pop() !== undefined;
      case EVENT_ID.DOCUMENT:
        return this.openDocument(event.directives.length);
      case EVENT_ID.ALIAS:
        return false;
      default:
        return event.anchorStart < 0 && event.tagStart < 0 && this.takeNode(event);
    }
  }

  private takeNode(event: NodeEvent): boolean {
    const place = this.advance();
    if (event.type === EVENT_ID.SCALAR) return this.isPlainScalar(event, place);
    const isMapping = event.type === EVENT_ID.MAPPING;
    if (place === 'key' || (place === 'document' && !isMapping)) return false;
    if (place === 'document') this.starts[this.starts.length - 1] = event.start;
    this.open.push(isMapping ? 'key' : 'item');
    return true;
  }

  private openDocument(directives: number): boolean {
    this.starts.push(undefined);
    this.open.push('document');
    return directives === 0;
  }

  /** The place of the next node; in a mapping, keys and values take turns. */
  private advance(): Place {
    const place = this.open.at(-1) ?? 'document';
    if (place === 'key' || place === 'value') this.open[this.open.length - 1] = place === 'key' ? 'value' : 'key';
    return place;
  }

  private isPlainScalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>, place: Place): boolean {
    if (place === 'document') return event.valueStart < 0;
    if (place !== 'key') return event.style !== SCALAR_STYLE.FOLDED_BLOCK;
    const key = this.text.slice(event.valueStart, event.valueEnd);
    if (this.keys.has(key)) return true;
    if (!PLAIN_KEY.test(key) || CONSTANT.test(key)) return false;
    this.keys.add(key);
    return true;
  }
}
