package org.headwise.calibrate;

import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;

/** Hands every block to those of several observers that want its guidance row. */
public record CombinedObserver(List<AttentionObserver> observers) implements AttentionObserver {
    public CombinedObserver {
        observers = List.copyOf(observers);
    }

    @Override
    public boolean wants(Guidance guidance) {
        return observers.stream().anyMatch(observer -> observer.wants(guidance));
    }

    @Override
    public void observe(AttentionBlock block) {
        for (AttentionObserver observer : observers) {
            if (observer.wants(block.guidance())) {
                observer.observe(block);
            }
        }
    }
}
