/** The chunk with the map library, larger than the rest of the page and loaded in parallel to it. */
import { warmUp } from './warm-up';

export { listenToPointer, Tip } from './pointer';
export { MapView } from './view';

warmUp();
