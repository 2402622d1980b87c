import '../diagram/diagram.css';
