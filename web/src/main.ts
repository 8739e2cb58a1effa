import 'virtual:look.css';
import './styles/page.css';
import './styles/parts.css';
import { mount } from 'svelte';
import App from './app/App.svelte';

mount(App, { target: document.body });
