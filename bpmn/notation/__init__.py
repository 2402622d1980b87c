"""The notation that runs here: BPMN 2.0 with a named subset of the Camunda-8 extension elements.

Only tables: the deploy gate explains with them, the executor refuses by them. What is not in
them is refused, never ignored; the drawing (BPMNDI) says nothing about execution.
"""
