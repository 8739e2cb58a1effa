import 'virtual:look.css';
import './styles/page.css';
import './styles/panel.css';
import './styles/city.css';
import './styles/place.css';
import './styles/search.css';
import './styles/map.css';
import './styles/drawer.css';
import './styles/phone.css';
import { App } from './app/app';

new App().start();
