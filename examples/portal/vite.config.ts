import { existsSync, readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'
import type { Configuration } from './src/configuration'

const FILE = process.env['PORTAL_CONFIGURATION'] ?? 'portal.json'
if (!existsSync(FILE)) {
  throw new Error(`${FILE} is missing: npm run configure (after make run), or copy portal.example.json`)
}
const portal = JSON.parse(readFileSync(FILE, 'utf8')) as Configuration

/** The page may load its own files and speak to the platform: nothing else, from nowhere else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  `connect-src ${new URL(portal.platform).origin}`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** In what is built; the development server itself needs inline styles and a socket. */
const policy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY }, injectTo: 'head-prepend' },
  ],
}

export default defineConfig({
  base: './',
  define: { PORTAL: JSON.stringify(portal) },
  plugins: [policy],
  build: { target: 'es2022', modulePreload: false, assetsInlineLimit: 0 },
  server: { port: 5173, strictPort: true },
  preview: { port: 5173, strictPort: true },
})
