/** All that needs the map library, which is fetched beside the page's own code and is larger than the rest of it. */
import { warmUp } from './warm-up';

export { listenToPointer, Tip } from './pointer';
export { MapView } from './view';

warmUp();
