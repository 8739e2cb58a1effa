import { prewarm, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';

/**
 * Starts the map's workers and the browser's drawing while the city is still on its way: both take their time, and the
 * page waits for the network just then.
 */
export function warmUp(): void {
  setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  prewarm();
}
