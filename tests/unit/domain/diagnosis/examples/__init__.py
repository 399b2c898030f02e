"""Raw evidence per fault family: a positive, a near miss and a refuted example; they pass through the analysers."""
