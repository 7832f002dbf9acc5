{{/*
One service's database. Takes root, v (the values of the database), key, mode, and settings: the names of the database's
Secret and of its keys. Renders nothing for `external`.
*/}}
{{- define "berth.database" -}}
{{- $app := include "berth.name" (dict "root" .root "name" .v.name) -}}
{{- $service := include "berth.name" (dict "root" .root "name" .v.service.name) -}}
{{- $c := merge (dict "app" $app "service" $service "label" $app "portName" $service) . -}}
{{- if eq .mode "cnpg" }}
{{ include "berth.cnpgCluster" $c }}
{{- end }}
{{- if eq .mode "builtin" }}
{{ include "berth.postgres" $c }}
{{- end }}
{{- end -}}

{{- define "berth.cnpgCluster" -}}
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  instances: {{ .root.Values.database.instances }}
  storage:
    size: {{ .v.persistence.size }}
    {{- with .v.persistence.storageClass }}
    storageClass: {{ . }}
    {{- end }}
  bootstrap:
    initdb:
      database: {{ .v.env.database }}
      owner: {{ .v.env.user }}
{{- end -}}

{{- define "berth.postgres" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  replicas: 1
  revisionHistoryLimit: 3
  # Two servers on one data directory would destroy it.
  strategy:
    type: Recreate
  selector:
    matchLabels:
      {{- include "berth.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "berth.podLabels" . | nindent 8 }}
    spec:
      {{- include "berth.podSpec" (merge (dict "uid" 26) .) | nindent 6 }}
      terminationGracePeriodSeconds: 60
      containers:
        - name: postgresql
          image: {{ include "berth.image" (dict "root" .root "image" .v.image) }}
          imagePullPolicy: {{ .v.image.pullPolicy }}
          ports:
            - name: {{ .portName | trunc 15 | trimSuffix "-" }}
              containerPort: 5432
              protocol: TCP
          env:
            # The variables of sclorg's images, and below those of docker.io/library/postgres.
            - name: POSTGRESQL_USER
              value: {{ .v.env.user }}
            - name: POSTGRESQL_DATABASE
              value: {{ .v.env.database }}
            - name: POSTGRESQL_PASSWORD
              valueFrom:
                secretKeyRef: { name: {{ .secret }}, key: {{ .passwordKey }} }
            - name: POSTGRESQL_ADMIN_PASSWORD
              valueFrom:
                secretKeyRef: { name: {{ .secret }}, key: {{ .adminPasswordKey }} }
            - name: POSTGRES_USER
              value: {{ .v.env.user }}
            - name: POSTGRES_DB
              value: {{ .v.env.database }}
            - name: POSTGRES_PASSWORD
              valueFrom:
                secretKeyRef: { name: {{ .secret }}, key: {{ .passwordKey }} }
            - name: PGDATA
              value: /var/lib/pgsql/data/userdata
          lifecycle:
            # Told to end by SIGTERM alone it would wait until the services have closed their connections. Without waiting,
            # because the server's end is the container's, and takes a hook that waits for it along.
            preStop:
              exec:
                command: [pg_ctl, stop, --mode=fast, --no-wait]
          {{- $check := dict "exec" (dict "command" (list "pg_isready" "-h" "127.0.0.1" "-p" "5432")) }}
          startupProbe:
            {{- toYaml (merge (dict "periodSeconds" 2 "failureThreshold" 90 "timeoutSeconds" 5) $check) | nindent 12 }}
          livenessProbe:
            {{- toYaml (merge (dict "periodSeconds" 10 "failureThreshold" 6 "timeoutSeconds" 5) $check) | nindent 12 }}
          readinessProbe:
            {{- toYaml (merge (dict "periodSeconds" 5 "failureThreshold" 3 "timeoutSeconds" 5) $check) | nindent 12 }}
          resources:
            {{- toYaml .v.resources | nindent 12 }}
          {{- include "berth.containerSecurity" . | nindent 10 }}
          volumeMounts:
            - { name: home, mountPath: /var/lib/pgsql }
            - { name: data, mountPath: /var/lib/pgsql/data }
            - { name: run, mountPath: /var/run/postgresql }
            - { name: tmp, mountPath: /tmp }
            - { name: shm, mountPath: /dev/shm }
      volumes:
        - { name: home, emptyDir: { sizeLimit: 16Mi } }
        - { name: run, emptyDir: { sizeLimit: 16Mi } }
        - { name: tmp, emptyDir: { sizeLimit: 64Mi } }
        - { name: shm, emptyDir: { medium: Memory, sizeLimit: 128Mi } }
        - name: data
          persistentVolumeClaim:
            claimName: {{ .app }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .v.persistence.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .v.persistence.size }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .service }}
  labels:
    {{- include "berth.labels" (merge (dict "label" .service) .) | nindent 4 }}
spec:
  type: ClusterIP
  selector:
    {{- include "berth.selector" . | nindent 4 }}
  ports:
    - name: {{ .service | trunc 63 }}
      port: {{ .v.service.port }}
      targetPort: 5432
      protocol: TCP
{{- if .root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .app }}
  labels:
    {{- include "berth.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "berth.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - protocol: TCP
          port: 5432
      from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: {{ .root.Chart.Name }}
              app.kubernetes.io/instance: {{ .root.Release.Name }}
              app.kubernetes.io/component: {{ .client }}
  egress:
    {{- include "berth.dnsEgress" . | nindent 4 }}
{{- end }}
{{- end -}}
