// Compares the walking engine with pandana and scipy on our graph: every engine gets the arcs and facilities that
// `ours graph` writes, and its answers are compared with ours. One thread each; CPU seconds, medians of alternating
// runs.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROUNDS = 3;
const METRES = '1200';
/** Largest accepted relative difference of sums of pandana. */
const TOLERANCE = 1e-6;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Rows of `{ what, peer, ours, theirs, target, agreement }`; `ours` runs one of our tasks and returns its output. */
export function graphRows(python, work, name, city, ours) {
  const graph = join(work, `${name}.graph`);
  const lengths = join(work, `${name}.nearest`);
  ours(['graph', city, graph]);
  const theirs = (task, ...args) =>
    JSON.parse(
      execFileSync(python, ['benches/peers/graph_peers.py', task, graph, ...args], {
        encoding: 'utf8',
        env: { ...process.env, OMP_NUM_THREADS: '1' },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .trim()
        .split('\n')
        .at(-1),
    );
  const rounds = Array.from({ length: ROUNDS }, () => ({
    within: ours(['within', city, METRES]),
    nearest: ours(['nearest', city, lengths]),
    pandanaWithin: theirs('within', METRES),
    scipy: theirs('nearest-scipy', lengths),
    pandanaNearest: theirs('nearest-pandana', lengths),
  }));
  const seconds = (engine, field = 'seconds') => median(rounds.map((round) => round[engine][field]));
  const { within, nearest, pandanaWithin, scipy, pandanaNearest } = rounds[0];
  const answers = ({ answers, differ }) => `${differ} of ${answers} answers differ`;
  const six = `nearest of ${nearest.facilities} facilities in 6 categories, every node`;
  return [
    {
      what: `all within 1,200 m of each of ${within.nodes} nodes`,
      peer: 'pandana precompute',
      ours: seconds('within'),
      theirs: seconds('pandanaWithin'),
      target: 1 / 3,
      agreement: pairs(within, pandanaWithin),
    },
    {
      what: six,
      peer: 'scipy dijkstra, min_only',
      ours: seconds('nearest'),
      theirs: seconds('scipy'),
      target: 1 / 3,
      agreement: answers(scipy),
    },
    {
      what: '  with the nearest facility, as in ours',
      peer: 'with predecessors',
      ours: seconds('nearest'),
      theirs: seconds('scipy', 'named_seconds'),
      agreement: '',
    },
    {
      what: '  up to 1,200 m; ours without a limit',
      peer: 'pandana nearest_pois',
      ours: seconds('nearest'),
      theirs: seconds('pandanaNearest'),
      target: 1 / 40,
      agreement: answers(pandanaNearest),
    },
    {
      what: '  preparation of the graph by pandana',
      peer: 'pandana Network',
      theirs: seconds('pandanaNearest', 'build_seconds'),
      agreement: '',
    },
  ];
}

/** Whether the pairs are equal: their count, and the sum of the distances in every hundredth row. */
function pairs(ours, theirs) {
  const difference = Math.abs(ours.sampled_millimetres / theirs.sampled_millimetres - 1);
  const same = Math.abs(ours.pairs / theirs.pairs - 1) < TOLERANCE && difference < TOLERANCE;
  return same ? `${ours.pairs} pairs, equal` : `${ours.pairs} pairs, theirs ${theirs.pairs}, distances ${difference}`;
}

export function print(name, rows) {
  for (const { what, peer, ours, theirs, target, agreement } of rows) {
    const milliseconds = (value) => (value === undefined ? '' : (1e3 * value).toFixed(1)).padStart(9);
    const ratio = ours === undefined ? '' : `1/${(theirs / ours).toFixed(1)}`;
    const limit = target ? `at most 1/${Math.round(1 / target)}` : '';
    console.log(
      `${name.padEnd(7)} ${what.padEnd(62)} ${peer.padEnd(25)} ${milliseconds(ours)} ${milliseconds(theirs)} ` +
        `${ratio.padStart(7)}   ${limit.padEnd(13)} ${agreement}`.trimEnd(),
    );
  }
}
