namespace GitOpsSecrets.Controller.Logging;

/// <summary>Sends every logger of the process to one <see cref="SlogWriter"/>.</summary>
internal sealed class SlogLoggerProvider(SlogWriter writer) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new SlogLogger(writer);

    public void Dispose() { }

    private sealed class SlogLogger(SlogWriter writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            // Only the kind of an exception: its text may quote what it choked on.
            writer.Write(logLevel, formatter(state, exception), state as IEnumerable<KeyValuePair<string, object?>> ?? [], exception?.GetType().Name);
        }
    }
}
