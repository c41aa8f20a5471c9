using GitOpsSecrets.Providers.Tests.Declared;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class VolcengineTroubleTests() : RecordedTroubleTests("volcengine");
