import { defineConfig } from 'vitest/config';
import { look } from './build/look-plugin.ts';

export default defineConfig({
  plugins: [look()],
  test: { include: ['test/unit/**/*.test.ts'] },
});
