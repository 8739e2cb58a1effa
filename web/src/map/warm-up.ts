import { prewarm, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';

/** Starts the map's workers while the page still waits for the city. */
export function warmUp(): void {
  setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  prewarm();
}
