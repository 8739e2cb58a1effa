import { prewarm, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';

/** Starts the map's workers while the city is still on its way: that takes time, and the page waits just then. */
export function warmUp(): void {
  setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  prewarm();
}
