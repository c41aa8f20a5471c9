namespace GitOpsSecrets.Controller.Tests.External.Trouble;

/// <summary>Objects <c>db-0</c>, <c>db-1</c>, … of one store.</summary>
internal interface ITroubledUsers
{
    /// <summary>How long after its beginning they notice an outage.</summary>
    TimeSpan Notice { get; }

    /// <summary>Makes one of them.</summary>
    Task MakeAsync(int number, string interval);

    /// <summary>Makes this the value that is to come to all.</summary>
    Task PutAsync(string value);

    /// <summary>How many have it.</summary>
    Task<int> CountAsync(string value);

    Task AllHaveAsync(string value);

    /// <summary>Waits until the condition Ready of one says so.</summary>
    Task ReadyAsync(int number, bool isReady);

    /// <summary>Since when one is not ready whose condition says one of these; null where none is so.</summary>
    Task<string?> FailingSinceAsync(Func<string, bool> message);
}
