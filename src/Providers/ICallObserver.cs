namespace GitOpsSecrets.Providers;

/// <summary>Where a provider tells of its calls to a store, under the original's labels (such as <c>AWS/SecretsManager</c> and <c>GetSecretValue</c>).</summary>
public interface ICallObserver
{
    void Called(string provider, string operation, bool succeeded, TimeSpan duration);
}
