import {
  Background,
  Controls,
  Handle,
  Position,
  ReactFlow,
  useReactFlow,
  ReactFlowProvider,
  type NodeProps,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Content } from '@patternfly/react-core';
import {
  createContext,
  memo,
  use,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { topologyMessages as texts } from '../messages/topology-messages.js';
import { Failed, Loading } from '../shell/states.js';
import { useSame } from '../shell/use-same.js';
import { boundsOf, elementsOf, linesOf, standingOf, type BoxElement, type NodeElement } from './graph-elements.js';
import { callsOf, graphOf, type Graph, type GraphLine, type Grouping } from './graph-model.js';
import { layOut, type Places } from './layout.js';
import type { ShownEdge, ShownTopology } from './topology-document.js';
import { GraphNodeText } from './graph-node-text.js';
import { createSelection, type Selection } from './selection.js';
import './topology-graph.css';
import { useGrowing } from './use-growing.js';
import { isArrow, nextNode } from './walk.js';

interface TopologyGraphProps {
  topology: ShownTopology;
  grouping: Grouping;
  selected: string | undefined;
  /** Of what is selected. */
  calls: readonly ShownEdge[];
  select: (id: string) => void;
}

interface Selecting {
  select: (id: string) => void;
  selection: Selection;
}

const Selecting = createContext<Selecting>({ select: () => undefined, selection: createSelection() });

function Handles(): ReactNode {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

function Box({ data: { name } }: NodeProps<BoxElement>): ReactNode {
  return (
    <div className="isthmus-box">
      <Handles />
      <strong>{texts.boxName(name)}</strong>
    </div>
  );
}

function Shown({ id, data: { shown, isFirst } }: NodeProps<NodeElement>): ReactNode {
  const { select, selection } = use(Selecting);
  const isSelected = useSyncExternalStore(selection.subscribe, () => selection.has(shown.of));
  if (shown.kind === 'gateway')
    return (
      <div className="isthmus-node isthmus-gateway">
        <Handles />
        {texts.gateway(shown.addresses)}
      </div>
    );
  return (
    <button
      type="button"
      className="isthmus-node nopan"
      data-node={id}
      aria-pressed={isSelected}
      tabIndex={isFirst ? 0 : -1}
      onClick={() => select(shown.of)}
    >
      <Handles />
      <GraphNodeText shown={shown} />
    </button>
  );
}

const NODE_TYPES = { box: Box, shown: Shown };

/** Services in boxes, with ways between clusters; who may call what is selected, and whom it may call. */
export const TopologyGraph = memo(function TopologyGraph(props: TopologyGraphProps): ReactNode {
  const { topology, grouping, selected, calls, select } = props;
  const graph = useSame(useMemo(() => graphOf(topology, grouping), [topology, grouping]));
  const { placed, error } = usePlaces(graph);
  const [selection] = useState(createSelection);
  useEffect(() => selection.set(selected), [selection, selected]);
  const selecting = useMemo(() => ({ select, selection }), [select, selection]);
  if (error !== undefined) return <Failed error={error} />;
  if (placed === undefined) return <Loading />;
  return (
    <Selecting value={selecting}>
      <ReactFlowProvider>
        <Canvas {...placed} edges={calls} selected={selected} />
      </ReactFlowProvider>
      <Content component="small">{texts.keys}</Content>
    </Selecting>
  );
});

interface Placed {
  graph: Graph;
  places: Places;
}

/** The same boxes and nodes stay where they are, whatever else is told of them. */
const shapeOf = ({ boxes, paths }: Graph): string =>
  JSON.stringify([boxes.map(({ id, nodes }) => [id, nodes.map((node) => node.id)]), paths.map(({ id }) => id)]);

function usePlaces(graph: Graph): { placed: Placed | undefined; error: Error | undefined } {
  const shape = useMemo(() => shapeOf(graph), [graph]);
  const [found, setFound] = useState<{ shape: string; places: Places } | undefined>(undefined);
  const [error, setError] = useState<Error | undefined>(undefined);
  const newest = useRef(graph);
  newest.current = graph;
  useEffect(() => {
    let isWanted = true;
    layOut(newest.current, innerWidth < NARROW).then(
      (places) => (isWanted ? setFound({ shape, places }) : undefined),
      (fault: unknown) => (isWanted ? setError(fault instanceof Error ? fault : new Error(String(fault))) : undefined),
    );
    return () => {
      isWanted = false;
    };
  }, [shape]);
  return { placed: found?.shape === shape ? { graph, places: found.places } : undefined, error };
}

interface CanvasProps extends Placed {
  edges: readonly ShownEdge[];
  selected: string | undefined;
}

/** Below this width of the window, in pixels, boxes stand one below the other. */
const NARROW = 768;

const isInside = (node: HTMLElement, frame: HTMLElement): boolean => {
  const [inner, outer] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
  const isAcross = inner.left >= outer.left && inner.right <= outer.right;
  return isAcross && inner.top >= outer.top && inner.bottom <= outer.bottom;
};

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

const NO_CALLS: readonly GraphLine[] = [];

/** One node is reached by Tab: the one where the focus was last, or the first. */
function stopAt(frame: HTMLElement, node: HTMLElement | null): void {
  for (const old of frame.querySelectorAll<HTMLElement>('[data-node][tabindex="0"]')) old.tabIndex = -1;
  if (node !== null) node.tabIndex = 0;
}

const nodeIn = (frame: HTMLElement, id: string | undefined): HTMLElement | null =>
  id === undefined ? null : frame.querySelector(`[data-node="${CSS.escape(id)}"]`);

function Canvas({ graph, places, edges, selected }: CanvasProps): ReactNode {
  const standing = useMemo(() => standingOf(graph, places), [graph, places]);
  const first = standing[0]?.id;
  const elements = useMemo(() => elementsOf(graph, places, first), [graph, places, first]);
  const drawn = useGrowing(elements.length, places);
  const nodes = useMemo(() => elements.slice(0, drawn), [elements, drawn]);
  const calls = useMemo(
    () => (selected === undefined ? NO_CALLS : callsOf(graph, edges, selected)),
    [graph, edges, selected],
  );
  const drawnCalls = useGrowing(calls.length, calls);
  const lines = useMemo(() => linesOf(graph.paths, calls, drawnCalls), [graph, calls, drawnCalls]);
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent): void => {
    const { key, target } = event;
    const here = target instanceof HTMLElement ? target.dataset['node'] : undefined;
    const next = isArrow(key) && here !== undefined ? nextNode(standing, here, key) : undefined;
    const place = standing.find(({ id }) => id === next);
    if (place === undefined || frame.current === null) return;
    event.preventDefault();
    const node = nodeIn(frame.current, next);
    stopAt(frame.current, node);
    node?.focus({ preventScroll: true });
    if (node !== null && isInside(node, frame.current)) return;
    const center = { x: place.x + place.width / 2, y: place.y + place.height / 2 };
    void flow.setCenter(center.x, center.y, { zoom: flow.getZoom(), duration: isStill() ? 0 : 150 });
  };
  return (
    <div ref={frame} className="isthmus-graph" role="group" aria-label={texts.graph} onKeyDown={walk}>
      <ReactFlow
        nodes={nodes}
        edges={lines}
        nodeTypes={NODE_TYPES}
        onInit={(of) => void of.fitBounds(boundsOf(graph, places), { padding: 0.1 })}
        minZoom={0.05}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        preventScrolling={false}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
