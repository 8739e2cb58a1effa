import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { contentPolicy } from './build/content-policy.ts';
import { look } from './build/look-plugin.ts';

export default defineConfig({
  base: './',
  plugins: [look(), svelte(), contentPolicy()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      output: {
        // Renames the map's worker from .mjs, which some servers do not serve as a script.
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith('.mjs'))
            ? 'assets/worker-[hash].js'
            : 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/api': process.env.CIRCLE_API ?? 'http://127.0.0.1:8080' } },
});
