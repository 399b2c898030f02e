"""What a test bed exports of one injected fault: metrics, traces and logs of a system that was never seen."""
